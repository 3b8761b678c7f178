import type { RunReport } from '../load/report.ts';
import { spread } from '../support/statistics.ts';
import { defineScenario, planOf, times } from './define.ts';

const rounds = 3;
const perSec = 10_000;
const [few, many] = [10, 10_000];

/** What a publication costs must not depend on how many topics there are besides. */
export const manyTopics = defineScenario({
  name: 'many-topics',
  summary: 'CPU of a publication among 10 topics and among 10,000',
  takes: [...times, 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs: RunReport[] = [];
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const cost: number[] = [];
      for (const topics of [few, many]) {
        const label = `${topics} topics, round ${round}`;
        const wanted = { label, connections: 5, topics, rate: perSec / topics, burst: 100, durationSec: 4 };
        const run = withCost(await load(planOf(wish, wanted)));
        cost.push(run.figures[0]?.value ?? Number.NaN);
        runs.push(run);
      }
      ratios.push((cost[1] ?? Number.NaN) / (cost[0] ?? Number.NaN));
    }
    return runs.map((run, i) =>
      i < runs.length - 1 ? run : { ...run, figures: [...run.figures, ...ratioFigures(ratios)] },
    );
  },
});

function withCost(run: RunReport): RunReport {
  const { server, published = 0 } = run.load ?? {};
  if (server === undefined || published === 0) return run;
  const value = (server.cpuSec * 1e6) / published;
  return { ...run, figures: [{ name: 'server CPU per publication', value, unit: 'us', better: 'lower' }] };
}

function ratioFigures(ratios: readonly number[]): RunReport['figures'] {
  const { min, median, max } = spread(ratios);
  const figure = (name: string, value: number) => ({ name, value, unit: 'times', better: 'lower' }) as const;
  return [
    figure(`cost among ${many} topics, to ${few}`, median),
    figure('the least of the rounds', min),
    figure('the most of the rounds', max),
  ];
}
