import type { ClientFrame, FrameOf } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** The clock exchange: offset = ((t1 − t0) + (t2 − t3)) / 2 with t3 the client's time on arrival. */
export function ping(session: Session, { t0 }: FrameOf<ClientFrame, 'ping'>, { now }: ServerParts): void {
  session.send({ op: 'pong', t0, t1: now(), t2: now() });
}
