import { samplesNeeded } from '../load/samples.ts';
import { defineScenario, planOf, times } from './define.ts';

const deliveriesPerSec = 100_000;
const read = 100; // connections; more would have the load process full before the server

/** The same deliveries a second, by many connections that get little and by few that get much. */
export const fixedRate = defineScenario({
  name: 'fixed-rate',
  summary: 'latency at 100,000 deliveries/s to 100, 1000 and 5000',
  takes: [...times, 'connections', 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs = [];
    for (const connections of wish.connections === undefined ? [100, 1000, 5000] : [wish.connections]) {
      const rate = deliveriesPerSec / connections;
      const durationSec = Math.max(6, Math.ceil(samplesNeeded.p99 / rate));
      const readOneIn = Math.ceil(connections / read);
      const label = `${connections} × ${rate}/s`;
      runs.push(await load(planOf(wish, { label, connections, topics: 1, rate, durationSec, readOneIn })));
    }
    return runs;
  },
});
