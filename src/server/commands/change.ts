import { type ClientFrame, type FrameOf, ProtocolError } from '../../protocol/index.ts';
import type { Session } from '../session.ts';

/** SUBSCRIBED with what is in force now, or ERROR and everything as it was. */
export function change(session: Session, { id, sid, change: wanted }: FrameOf<ClientFrame, 'change'>): void {
  const subscription = session.subscription(sid);
  if (subscription === undefined) {
    session.refuse(id, 'badRequest', `sid ${sid} is not in use on this connection`, sid);
    return;
  }
  try {
    session.change(id, sid, subscription, wanted);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    session.refuse(id, error.reason, error.message); // without the sid: the subscription goes on
  }
}
