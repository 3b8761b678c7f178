/**
 * What it costs that everyone has a rate of their own: frames that the server encodes for subscribers of one topic, each
 * distinct rate wanted by one of them, and then by two. Each beat of a rate is one value, and one mark for those that
 * the value replaced. Exits 1 when more is encoded than that, or less delivered than was asked for.
 *
 *   npm run bench:rates [-- rates publicationsPerSec seconds]
 */

import { z } from 'zod';
import { decodeServerFrames, encodeClientFrame } from '../src/protocol/index.ts';
import { startBenchServer } from './support/bench-server.ts';
import { openRawSubscriber } from './support/raw-subscriber.ts';
import { type Line, printTable } from './support/table.ts';

const distinct = Number(process.argv[2] ?? 200);
const perSec = Number(process.argv[3] ?? 1000);
const seconds = Number(process.argv[4] ?? 10);
const leastHz = 0.5;
const mostHz = 100;
const pattern = 'bench.rates';
const leastShare = 0.95; // of what was asked for, less one beat that may not have been due yet

type Subscriber = { rate: number; values: number; marks: number };

const rates = Array.from(
  { length: distinct },
  (_, i) => leastHz + ((mostHz - leastHz) * i) / Math.max(1, distinct - 1),
);
const server = await startBenchServer();
const topic = server.latestTopic(pattern, z.object({ n: z.number() }));
const subscribers: Subscriber[] = [];

const lines: Line[] = [];
for (const each of [1, 2]) {
  for (const rate of rates) subscribers.push(await open(rate));
  lines.push(...(await measure(each)));
}
console.log(
  `${distinct} rates of ${leastHz} to ${mostHz} Hz on one topic of ${perSec} publications a second, for ${seconds} s`,
);
printTable(lines);
process.exit(lines.some(({ verdict }) => verdict === 'BROKEN') ? 1 : 0);

async function open(rate: number): Promise<Subscriber> {
  const subscriber: Subscriber = { rate, values: 0, marks: 0 };
  const hello = [
    encodeClientFrame({ op: 'hello', id: 1, options: {} }),
    encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern, maxRate: rate }] }),
  ].map((bytes) => Buffer.from(bytes));
  await openRawSubscriber({ port: server.port, path: '/ws' }, hello, {
    message: (payload) =>
      decodeServerFrames(payload, ({ op }) => {
        if (op === 'data') subscriber.values++;
        else if (op === 'mark') subscriber.marks++;
      }),
  });
  return subscriber;
}

async function measure(each: number): Promise<Line[]> {
  await publish(1);
  for (const subscriber of subscribers) Object.assign(subscriber, { values: 0, marks: 0 });
  const before = { ...server.counts };
  const { elapsedSec, published } = await publish(seconds);
  const encodes = server.counts.encodes - before.encodes;
  const changesPerSec = published / elapsedSec;
  const beats = rates.reduce((sum, rate) => sum + Math.min(rate, changesPerSec) * elapsedSec + 1, 0);
  const short = subscribers.filter(({ rate, values }) => values < leastShare * rate * elapsedSec - 1);
  const values = subscribers.reduce((sum, subscriber) => sum + subscriber.values, 0) / each;
  const marks = subscribers.reduce((sum, subscriber) => sum + subscriber.marks, 0) / each;
  const perSecond = (count: number) => (count / elapsedSec).toFixed(0);
  const line = (what: string, measured: string, limit = '', isBroken?: boolean): Line => {
    const verdict = isBroken === undefined ? '' : isBroken ? 'BROKEN' : 'ok';
    return { what: `${each} on each rate: ${what}`, measured, limit, verdict };
  };
  return [
    line('publications a second', perSecond(published)),
    line('values told a second, each rate once', perSecond(values), `≤ ${perSecond(beats)}`, values > beats),
    line('marks told a second, each rate once', perSecond(marks), `≤ ${perSecond(beats)}`, marks > beats),
    line('frames encoded a second', perSecond(encodes), `≤ ${perSecond(2 * beats)}`, encodes > 2 * beats),
    line('subscribers with less than their rate', `${short.length} of ${subscribers.length}`, '0', short.length > 0),
  ];
}

/** At a steady beat; what is late is made up for, a publication a turn. */
async function publish(forSec: number): Promise<{ elapsedSec: number; published: number }> {
  const startedAt = performance.now();
  let published = 0;
  for (;;) {
    const elapsedSec = (performance.now() - startedAt) / 1000;
    if (elapsedSec >= forSec) return { elapsedSec, published };
    if (published < elapsedSec * perSec) topic.publish({ n: published++ }, { ts: Date.now() * 1000 });
    await (published < elapsedSec * perSec ? nextTurn() : pause());
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
