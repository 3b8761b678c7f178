import { type ClientFrame, type FrameOf, ProtocolError } from '../../protocol/index.ts';
import { readHistory } from '../history-page.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** OK with one page of a topic's history, or why there is none. */
export function history(session: Session, frame: FrameOf<ClientFrame, 'history'>, { hub }: ServerParts): void {
  const { id, topic, query } = frame;
  try {
    session.send({ op: 'ok', id, result: readHistory(hub, topic, query) });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    session.refuse(id, error.reason, error.message);
  }
}
