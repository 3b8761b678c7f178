/**
 * What one publication costs among 2,000 topics and 2,000 patterns, against 10 topics and 10 patterns.
 *
 *   npm run bench:topics
 */

import { z } from 'zod';
import { createBus, OwnedTopic } from '../src/bus/index.ts';
import { formatSpread, spread } from './support/statistics.ts';

const publications = 200_000;
const perTurn = 10;
const rounds = 9;
const sink = { send: () => {}, attach: () => {}, detach: () => {} };

const few = house(10);
const many = house(2000);
for (const warm of [few, many, few, many]) warm();
const costs = { few: [] as number[], many: [] as number[], ratios: [] as number[] };
for (let round = 0; round < rounds; round++) {
  const a = few();
  const b = many();
  costs.few.push(a);
  costs.many.push(b);
  costs.ratios.push(b / a);
}
console.log(`one publication, ns, median (min–max) of ${rounds} alternating rounds of ${publications}`);
console.log(`   10 topics,    10 patterns: ${formatSpread(spread(costs.few), 0)}`);
console.log(` 2000 topics,  2000 patterns: ${formatSpread(spread(costs.many), 0)}`);
console.log(`ratio ${formatSpread(spread(costs.ratios))}`);

/** A hub with so many topics, each under a pattern of its own; returns a run that gives nanoseconds a publication. */
function house(count: number): () => number {
  let endTurn = () => {};
  const { hub, origin } = createBus(
    {
      publish: () => {},
      schedule: (flush) => {
        endTurn = flush;
      },
    },
    { now: () => 0, historyLimitsOf: () => undefined, historyBytes: 0, demandLingerMs: 0 },
  );
  const schema = z.object({ bid: z.number(), ask: z.number() });
  const topics = Array.from({ length: count }, (_, i) => {
    hub.subscribe([`market.*.S${i}.quote`], { encoding: 'msgpack' }, sink, { withRows: true }, 'settling').join(0);
    return origin.topic(`market.sim.S${i}.quote`, 'bench', { kind: 'latest', schema, checkEvery: 100 });
  });
  const topic = topics[count >> 1];
  if (!(topic instanceof OwnedTopic)) throw new Error('the topic was refused');
  return () => {
    const startedAt = performance.now();
    for (let i = 0; i < publications; i++) {
      topic.publish({ bid: i, ask: i + 1 }, { ts: i });
      if (i % perTurn === perTurn - 1) endTurn();
    }
    return ((performance.now() - startedAt) / publications) * 1e6;
  };
}
