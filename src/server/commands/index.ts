import type { ClientFrame } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';
import { hello } from './hello.ts';
import { ping } from './ping.ts';
import { publish } from './publish.ts';
import { subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';

/** Does what a client asks. */
export function execute(session: Session, frame: ClientFrame, parts: ServerParts): void {
  switch (frame.op) {
    case 'hello':
      return hello(session, frame, parts);
    case 'subscribe':
      return subscribe(session, frame, parts);
    case 'unsubscribe':
      return unsubscribe(session, frame);
    case 'publish':
      return publish(session, frame, parts);
    case 'ping':
      return ping(session, frame, parts);
    default:
      return unreachable(frame);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled frame ${JSON.stringify(value)}`);
}
