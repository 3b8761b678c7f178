/** Runs every experiment on every side, taking turns, so that all see the same machine. */

import { type ExperimentId, experiments, subscribersOf } from './experiments.ts';
import type { Flags } from './flags.ts';
import { openSide, type Run, type Side, type SideSpec } from './side.ts';

/** The runs of each experiment by the id of the side; runs of the same index followed one another. */
export type Outcome = ReadonlyMap<ExperimentId, ReadonlyMap<string, readonly Run[]>>;

const warmUpMs = 1000;

/** Throws when a side can't be opened; `tell` hears of what is going on. */
export async function runTournament(
  flags: Flags,
  specs: readonly SideSpec[],
  tell: (line: string) => void,
): Promise<Outcome> {
  const outcome = new Map<ExperimentId, ReadonlyMap<string, readonly Run[]>>();
  for (const subscribers of Object.values(subscribersOf)) {
    const ids = flags.experiments.filter((id) => experiments[id].subscribers === subscribers);
    if (ids.length === 0) continue;
    const opened: Side[] = [];
    try {
      for (const spec of specs) {
        tell(`${spec.title}: ${subscribers} subscribers`);
        opened.push(await openSide(spec, subscribers));
      }
      for (const id of ids) {
        outcome.set(id, await runExperiment(id, flags, opened, tell));
      }
    } finally {
      for (const side of opened) await side.close();
    }
  }
  return outcome;
}

async function runExperiment(
  id: ExperimentId,
  { rounds, seconds }: Flags,
  sides: readonly Side[],
  tell: (line: string) => void,
): Promise<Map<string, Run[]>> {
  const { title, payloadBytes, pace } = experiments[id];
  const taking = sides.filter(({ spec }) => takesPart(spec, id));
  const runs = new Map<string, Run[]>(taking.map(({ spec }) => [spec.id, []]));
  for (const side of taking) await side.run({ ...pace, payloadBytes, forMs: warmUpMs });
  for (let round = 1; round <= rounds; round++) {
    tell(`${title}: round ${round} of ${rounds}`);
    for (const side of taking) {
      const run = await side.run({ ...pace, payloadBytes, forMs: seconds * 1000 });
      runs.get(side.spec.id)?.push(run);
      tell(`  ${side.spec.title}: ${inShort(run)}`);
    }
  }
  return runs;
}

/** The sides that answer a question by themselves are asked that question alone. */
function takesPart({ id }: SideSpec, experiment: ExperimentId): boolean {
  if (id === 'tickwire-joining') return experiment === 'rate-100';
  if (id === 'bare-silent') return experiment.startsWith('turn-');
  return true;
}

function inShort({ deliveries, expected, cpuSec, latencyMs, seconds }: Run): string {
  return [
    `${(deliveries / cpuSec.server / 1e6).toFixed(3)} M deliveries per CPU-second`,
    `p50 ${latencyMs?.p50.toFixed(1)} ms, p99 ${latencyMs?.p99.toFixed(1)} ms`,
    `CPU ${percent(cpuSec.server / seconds)} server, ${percent(cpuSec.clients / seconds)} clients, ${percent(cpuSec.publisher / seconds)} publisher`,
    `${((100 * deliveries) / expected).toFixed(2)} % delivered`,
  ].join('; ');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
