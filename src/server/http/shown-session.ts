/** One who is connected, as people and programs are shown it. */

import type { Served } from '../served.ts';
import type { Subscription } from '../subscription.ts';

export function shownSession(served: Served, now: number) {
  const { id, encoding, sdk, remoteAddress: address, connectedAt, pace } = served;
  return {
    id,
    encoding,
    sdk,
    address,
    connectedMs: Math.round(now - connectedAt),
    bufferedBytes: served.bufferedBytes(),
    lagMs: Math.round(pace.lagMs(now)),
    step: pace.step,
    stepMs: Math.round(now - pace.stepSince),
    ledger: served.ledger(),
    subscriptions: [...served.numberedSubscriptions()].map(shownSubscription),
  };
}

function shownSubscription([sid, subscription]: readonly [number, Subscription]) {
  const { patterns, stream, rate, member } = subscription;
  const { fields, filter, delta } = stream.view;
  const view = { fields, filter: filter?.text, delta };
  const paused = member.isPaused;
  return { sid, patterns, stream: stream.number, rate, ...view, paused, ledger: subscription.ledger() };
}

const weights = {
  lag: (served: Served, now: number) => served.pace.lagMs(now),
  buffered: (served: Served) => served.bufferedBytes(),
  skipped(served: Served) {
    const { conflated, missed } = served.ledger();
    return conflated + missed;
  },
};
export const sessionOrders = ['lag', 'buffered', 'skipped'] as const;
export type SessionOrder = (typeof sessionOrders)[number];

/** So many of all, the worst first. */
export function worstSessions(all: Iterable<Served>, by: SessionOrder, limit: number) {
  const now = performance.now();
  const weighed = [...all].map((served) => ({ served, weight: weights[by](served, now) }));
  weighed.sort((a, b) => b.weight - a.weight);
  return { count: weighed.length, worst: weighed.slice(0, limit).map(({ served }) => shownSession(served, now)) };
}
