import type { Slow } from '../load/plan.ts';
import type { Figure, RunReport } from '../load/report.ts';
import { defineScenario, planOf, times } from './define.ts';

const profiles: readonly { readonly label: string; readonly slow?: Slow }[] = [
  { label: 'all read' },
  { label: '5 % read nothing', slow: { share: 0.05, how: { kind: 'stall' } } },
  { label: '5 % read 8 kbit/s', slow: { share: 0.05, how: { kind: 'bytesPerSec', bytesPerSec: 1000 } } },
];

export const slowConsumers = defineScenario({
  name: 'slow-consumers',
  summary: 'what others feel of 5 % who read nothing, or 8 kbit/s',
  takes: [...times, 'connections', 'topics', 'rate', 'burst', 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs: RunReport[] = [];
    for (const profile of profiles) {
      runs.push(
        await load(planOf(wish, { connections: 200, topics: 10, rate: 20, burst: 2, durationSec: 8, ...profile })),
      );
    }
    const [healthy] = runs;
    return runs.map((run) => ({ ...run, figures: run === healthy ? [] : comparedTo(healthy, run) }));
  },
});

/** Latencies are of those who read, in all runs. */
function comparedTo(healthy: RunReport | undefined, { load }: RunReport): Figure[] {
  const [before, after] = [healthy?.load?.latency?.ms, load?.latency?.ms];
  if (before === undefined || after === undefined) return [];
  return (['p50', 'p99'] as const).map((name) => ({
    name: `${name} of the others, to before`,
    value: after[name] / before[name],
    unit: 'times',
    better: 'lower',
  }));
}
