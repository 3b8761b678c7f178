import type { Figure, RunReport } from '../load/report.ts';
import { defineScenario, planOf, times } from './define.ts';

export const conflation = defineScenario({
  name: 'conflation',
  summary: 'a topic of 1000/s at 1000, 100, 10 and 1/s',
  takes: [...times, 'connections', 'topics', 'rate', 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs = [];
    for (const maxRate of [undefined, 100, 10, 1]) {
      const label = maxRate === undefined ? 'all' : `at most ${maxRate}/s`;
      const wanted = { label, connections: 50, topics: 1, rate: 1000, ...(maxRate !== undefined && { maxRate }) };
      runs.push(withShare(await load(planOf(wish, wanted))));
    }
    return runs;
  },
});

/** What is left out is told, so all of it is accounted for; and how old the newest is that a subscriber has then. */
function withShare(run: RunReport): RunReport {
  if (run.load === undefined) return run;
  const { ledger, bytes, seconds, ageMs } = run.load;
  const all = ledger.delivered + ledger.conflated + ledger.missed + ledger.lost;
  const figures: Figure[] = [
    { name: 'conflated', value: all === 0 ? 0 : (100 * ledger.conflated) / all, unit: '%' },
    { name: 'bytes a second', value: bytes / seconds, unit: 'bytes', better: 'lower' },
  ];
  if (ageMs !== undefined)
    figures.push({ name: 'age of the newest p50', value: ageMs.p50, unit: 'ms', better: 'lower' });
  return { ...run, figures: [...run.figures, ...figures] };
}
