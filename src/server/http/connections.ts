import { limitIn, wordIn } from '../query.ts';
import type { Served } from '../served.ts';
import type { Subscription } from '../subscription.ts';
import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

const usualLimit = 20;
const maxLimit = 1000;

/** Who is connected, the worst first: furthest behind, most bytes waiting, or most publications gone without. */
export const connections: Route = {
  method: 'get',
  path: '/connections',
  handle({ res, query, parts }) {
    const limit = limitIn(query, 'limit', usualLimit, maxLimit);
    const by = wordIn(query, 'sort', ['lag', 'buffered', 'skipped']);
    const now = performance.now();
    const all = [...parts.served()].map((served) => ({ served, weight: weights[by](served, now) }));
    all.sort((a, b) => b.weight - a.weight);
    const worst = all.slice(0, limit).map(({ served }) => shown(served, now));
    sendJson(res, 'ok', { count: all.length, connections: worst });
  },
};

const weights = {
  lag: (served: Served, now: number) => served.pace.lagMs(now),
  buffered: (served: Served) => served.bufferedBytes(),
  skipped(served: Served) {
    const { conflated, missed } = served.ledger();
    return conflated + missed;
  },
};

function shown(served: Served, now: number) {
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
  const paused = member.isPaused;
  return { sid, patterns, stream: stream.number, rate, paused, ledger: subscription.ledger() };
}
