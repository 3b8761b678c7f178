import type { ClientFrame, FrameOf } from '../../protocol/index.ts';
import type { Session } from '../session.ts';

/** One answer for each sid. */
export function unsubscribe(session: Session, { id, sids }: FrameOf<ClientFrame, 'unsubscribe'>): void {
  for (const sid of sids) {
    if (session.unsubscribe(sid)) session.send({ op: 'unsubscribed', id, sid });
    else session.refuse(id, 'badRequest', `sid ${sid} is not in use on this connection`, sid);
  }
}
