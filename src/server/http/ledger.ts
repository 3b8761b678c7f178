import { addLedger, emptyLedger, imbalance, type Ledger, type Stream } from '../../bus/index.ts';
import { limitIn } from '../query.ts';
import type { Served } from '../served.ts';
import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

const usualLimit = 100;
const maxLimit = 10_000;
const maxUnbalancedTold = 20; // one is one too many

/** What became of every publication, added up for each connection and each stream at one moment. `ok`: all of it adds up. */
export const ledger: Route = {
  method: 'get',
  path: '/ledger',
  doc: {
    summary: 'What became of every publication',
    answers: { 200: 'For all connections and streams; `ok` when it adds up.' },
  },
  guard: 'inside',
  handle({ res, query, parts }) {
    const limit = limitIn(query, 'limit', usualLimit, maxLimit);
    const { hub } = parts;
    const sessions = [...parts.served()].map((served) => ({ served, ledger: served.ledger() }));
    const streams = [...hub.streams].map((stream) => ({ stream, ledger: stream.ledger() }));
    const unbalanced = [
      ...sessions.flatMap(({ served, ledger }) => faultsOf(served, ledger)),
      ...streams.flatMap(({ stream, ledger }) => (imbalance(ledger) === 0 ? [] : [{ stream: stream.key, ledger }])),
    ];
    sendJson(res, 'ok', {
      ok: unbalanced.length === 0,
      publications: hub.counts.publications,
      sessions: { count: sessions.length, ledger: sumOf(sessions) },
      streams: { count: streams.length, ledger: sumOf(streams), list: streams.slice(0, limit).map(shownStream) },
      unbalanced: unbalanced.slice(0, maxUnbalancedTold),
    });
  },
};

/** Of the connection as a whole, and of each of its subscriptions: two faults must not make a balance. */
function faultsOf(served: Served, whole: Ledger): object[] {
  const parts = [...served.numberedSubscriptions()].map(([sid, subscription]) => ({
    session: served.id,
    sid,
    ledger: subscription.ledger(),
  }));
  return [{ session: served.id, ledger: whole }, ...parts].filter(({ ledger }) => imbalance(ledger) !== 0);
}

function sumOf(entries: readonly { ledger: Ledger }[]): Ledger {
  const sum = emptyLedger();
  for (const { ledger } of entries) addLedger(sum, ledger);
  return sum;
}

function shownStream({ stream, ledger }: { stream: Stream; ledger: Ledger }) {
  const { number, patterns, members, view } = stream;
  const { encoding, maxRate, fields, filter, delta } = view;
  return { stream: number, patterns, encoding, maxRate, fields, filter: filter?.text, delta, members, ledger };
}
