import { type ClientFrame, type FrameOf, ProtocolError, patternFault } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';
import type { SubscriptionWish } from '../subscription.ts';

/** One answer for each pattern: SUBSCRIBED and all that it selects now, or ERROR. One bad pattern spoils no other. */
export function subscribe(session: Session, frame: FrameOf<ClientFrame, 'subscribe'>, parts: ServerParts): void {
  const { id } = frame;
  const { maxSubscriptions } = parts.options;
  for (const { sid, pattern, snapshot = true, since, ...view } of frame.subscriptions) {
    const fault = patternFault(pattern);
    if (fault !== undefined) {
      session.refuse(id, 'badPattern', `pattern ${JSON.stringify(pattern.slice(0, 60))} ${fault}`, sid);
    } else if (session.subscription(sid) !== undefined) {
      session.refuse(id, 'duplicateSubscription', `sid ${sid} is already in use on this connection`, sid);
    } else if (session.subscriptionCount >= maxSubscriptions) {
      parts.counts.limitHits.maxSubscriptions++;
      session.refuse(id, 'limit', `a connection may have ${maxSubscriptions} subscriptions (maxSubscriptions)`, sid);
    } else {
      trySubscribe(session, id, sid, { patterns: [pattern], view, withRows: snapshot, since });
    }
  }
}

/** A view that makes no sense on these topics is answered with ERROR. */
export function trySubscribe(session: Session, id: number, sid: number, wish: SubscriptionWish): void {
  try {
    session.subscribe(id, sid, wish);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    session.refuse(id, error.reason, error.message, sid);
  }
}
