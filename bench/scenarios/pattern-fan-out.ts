import { defineScenario, planOf, times } from './define.ts';
import { perDelivery } from './per-delivery.ts';

const ways = [
  { label: 'one topic each', patterns: ['bench.t{n}'], rate: 100 },
  { label: 'bench.*', patterns: ['bench.*'], rate: 10 },
  { label: 'bench.>', patterns: ['bench.>'], rate: 10 },
  { label: 'all three', patterns: ['bench.t{n}', 'bench.*', 'bench.>'], rate: 10 },
] as const;

export const patternFanOut = defineScenario({
  name: 'pattern-fan-out',
  summary: '100 topics through plain names, *, >, and all three',
  takes: [...times, 'connections', 'topics', 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs = [];
    for (const way of ways)
      runs.push(perDelivery(await load(planOf(wish, { connections: 50, topics: 100, burst: 10, ...way }))));
    return runs;
  },
});
