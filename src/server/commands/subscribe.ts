import { type ClientFrame, type FrameOf, patternFault } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** One answer for each pattern: SUBSCRIBED and all that it selects now, or ERROR. One bad pattern spoils no other. */
export function subscribe(session: Session, frame: FrameOf<ClientFrame, 'subscribe'>, parts: ServerParts): void {
  const { id } = frame;
  const { maxSubscriptions } = parts.options;
  for (const { sid, pattern, snapshot = true } of frame.subscriptions) {
    const fault = patternFault(pattern);
    if (fault !== undefined) {
      session.refuse(id, 'badPattern', `pattern ${JSON.stringify(pattern.slice(0, 60))} ${fault}`, sid);
    } else if (session.hasSubscription(sid)) {
      session.refuse(id, 'duplicateSubscription', `sid ${sid} is already in use on this connection`, sid);
    } else if (session.subscriptionCount >= maxSubscriptions) {
      session.refuse(id, 'limit', `a connection may have ${maxSubscriptions} subscriptions (maxSubscriptions)`, sid);
    } else {
      session.subscribe(sid, pattern, snapshot, (topics) => ({ op: 'subscribed', id, sid, topics }));
    }
  }
}
