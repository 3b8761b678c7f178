import type { RunReport } from '../load/report.ts';
import { spread } from '../support/statistics.ts';
import { defineScenario, planOf, times } from './define.ts';

const rounds = 3;
const perSec = 40_000;
const [few, many] = [10, 10_000];

const mixes = [
  { label: 'few', topics: few, quietTopics: 0 },
  { label: 'few among many', topics: few, quietTopics: many - few },
  { label: 'many', topics: many, quietTopics: 0 },
] as const;

/** What a publication costs must not depend on how many topics there are besides. */
export const manyTopics = defineScenario({
  name: 'many-topics',
  summary: 'CPU of a publication among 10 topics and among 10,000',
  takes: [...times, 'payloadBytes', 'encoding'],
  async run({ wish, load }) {
    const runs: RunReport[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const { label, topics, quietTopics } of mixes) {
        const wanted = { connections: 5, topics, quietTopics, rate: perSec / topics, burst: 100, durationSec: 4 };
        runs.push(withCost(await load(planOf(wish, { ...wanted, label: `${label}, round ${round}` }))));
      }
    }
    return runs.map((run, i) => (i < runs.length - 1 ? run : { ...run, figures: [...run.figures, ...ratios(runs)] }));
  },
});

function withCost(run: RunReport): RunReport {
  const { server, published = 0 } = run.load ?? {};
  if (server === undefined || published === 0) return run;
  const value = (server.cpuSec * 1e6) / published;
  return { ...run, figures: [{ name: 'server CPU per publication', value, unit: 'us', better: 'lower' }] };
}

/** Of each round to its own first run, for a machine is not the same from minute to minute. */
function ratios(runs: readonly RunReport[]): RunReport['figures'] {
  const cost = (i: number) => runs[i]?.figures[0]?.value ?? Number.NaN;
  return mixes.slice(1).flatMap(({ label }, mix) => {
    const ofRounds = Array.from({ length: rounds }, (_, round) => {
      const first = round * mixes.length;
      return cost(first + 1 + mix) / cost(first);
    });
    const { min, median, max } = spread(ofRounds);
    const figure = (name: string, value: number) => ({ name, value, unit: 'times', better: 'lower' }) as const;
    return [
      figure(`${label}, to few`, median),
      figure(`${label}, to few, least`, min),
      figure(`${label}, to few, most`, max),
    ];
  });
}
