import type { ClientFrame } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';
import { change } from './change.ts';
import { hello } from './hello.ts';
import { history } from './history.ts';
import { ping } from './ping.ts';
import { publish } from './publish.ts';
import { report } from './report.ts';
import { subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';
import { verify } from './verify.ts';

/** Does what a client asks. */
export function execute(session: Session, frame: ClientFrame, parts: ServerParts): void {
  switch (frame.op) {
    case 'hello':
      hello(session, frame, parts);
      break;
    case 'subscribe':
      subscribe(session, frame, parts);
      break;
    case 'unsubscribe':
      unsubscribe(session, frame);
      break;
    case 'change':
      change(session, frame);
      break;
    case 'publish':
      publish(session, frame, parts);
      break;
    case 'history':
      history(session, frame, parts);
      break;
    case 'verify':
      verify(session, frame, parts);
      break;
    case 'report':
      report(session, frame, parts);
      break;
    case 'ping':
      ping(session, frame, parts);
      break;
    default:
      unreachable(frame);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled frame ${JSON.stringify(value)}`);
}
