import type { RunReport } from '../load/report.ts';
import type { PlanWish, Stage } from '../load/scenario.ts';
import { defineScenario, planOf, times } from './define.ts';

const bearableMs = 100; // a server that is behind by more is not serving live data
const steps = 8;
const readOneIn = 10; // others count bytes: reading more would fill the load process before the server
const turns = [
  { burst: 1, deliveriesPerSec: 100_000 },
  { burst: 10, deliveriesPerSec: 100_000 },
  { burst: 100, deliveriesPerSec: 400_000 },
] as const;

/** Open loop: what the server does not keep up with shows as latency, as it would for users. */
export const saturation = defineScenario({
  name: 'saturation',
  summary: `most at 1, 10 and 100 a turn with p99 below ${bearableMs} ms`,
  takes: [...times, 'connections', 'payloadBytes', 'encoding'],
  async run(stage) {
    const runs: RunReport[] = [];
    for (const turn of turns) runs.push(await most(stage, turn));
    return runs;
  },
});

/** Doubles the rate until it is too much, and then tries half of the last step. The last run that was well. */
async function most(stage: Stage, { burst, deliveriesPerSec }: (typeof turns)[number]): Promise<RunReport> {
  let best: RunReport | undefined;
  for (let step = 0; step < steps; step++) {
    const run = await attempt(stage, burst, deliveriesPerSec * 2 ** step);
    if (isBorne(run)) {
      best = run;
      continue;
    }
    if (best === undefined) return tooMuch(await attempt(stage, burst, deliveriesPerSec / 2), burst);
    const between = await attempt(stage, burst, deliveriesPerSec * 2 ** (step - 0.5));
    return isBorne(between) ? withLimit(between, run) : withLimit(best, between);
  }
  return best as RunReport; // of the last step
}

/** More may have been borne where it was the harness that could not bear it. */
function withLimit(best: RunReport, worse: RunReport): RunReport {
  const isOurs = worse.doubts.some(({ kind }) => kind === 'generator busy');
  if (!isOurs || worse.load === undefined) return best;
  const value = worse.load.deliveries / worse.load.seconds;
  return { ...best, figures: [...best.figures, { name: 'the harness itself is full at', value, unit: '1/s' }] };
}

function attempt({ wish, load }: Stage, burst: number, deliveriesPerSec: number): Promise<RunReport> {
  const connections = wish.connections ?? 500;
  const wanted = {
    label: labelOf(burst),
    connections,
    topics: 1,
    rate: deliveriesPerSec / connections,
    burst,
    readOneIn,
  };
  return load(planOf(short(wish), { ...wanted, durationSec: 3, warmUpSec: 1 }));
}

/** So many attempts are each as short as they can be; it is their last that counts. */
function short(wish: PlanWish): PlanWish {
  return { percentile: 'p90', ...wish };
}

function isBorne({ load, doubts }: RunReport): boolean {
  return doubts.length === 0 && (load?.latency?.ms.p99 ?? Number.POSITIVE_INFINITY) < bearableMs;
}

function tooMuch(run: RunReport, burst: number): RunReport {
  if (isBorne(run)) return run;
  const message = `even the least load was too much at ${labelOf(burst)}: use fewer connections`;
  return { ...run, doubts: [...run.doubts, { kind: 'rate not reached', message }] };
}

function labelOf(burst: number): string {
  return `${burst} a turn`;
}
