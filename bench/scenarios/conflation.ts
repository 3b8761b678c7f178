import { defineScenario, planOf, times } from './define.ts';
import { perDelivery } from './per-delivery.ts';

export const conflation = defineScenario({
  name: 'conflation',
  summary: 'a topic of 1000/s at 1000, 100, 10 and 1/s',
  takes: [...times, 'connections', 'topics', 'rate', 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs = [];
    for (const maxRate of [undefined, 100, 10, 1]) {
      const label = maxRate === undefined ? 'all' : `at most ${maxRate}/s`;
      const wanted = { label, connections: 50, topics: 1, rate: 1000, ...(maxRate !== undefined && { maxRate }) };
      runs.push(perDelivery(await load(planOf(wish, wanted))));
    }
    return runs;
  },
});
