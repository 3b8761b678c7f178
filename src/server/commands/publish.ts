import type { ClientFrame, FrameOf } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** OK with the publication's seq, or why it was not taken. */
export function publish(session: Session, frame: FrameOf<ClientFrame, 'publish'>, parts: ServerParts): void {
  const outcome = parts.publish(frame.topic, frame.data, frame.key, frame.ttlMs);
  parts.counts.published('websocket', 'refused' in outcome ? outcome.refused : 'taken');
  if ('refused' in outcome) session.refuse(frame.id, outcome.refused, outcome.message);
  else session.send({ op: 'ok', id: frame.id, result: { seq: outcome.seq } });
}
