/** Figures of runs, as the tables quote them: medians of rounds with the least and the most. */

import { type Spread, spread } from '../support/statistics.ts';
import type { ExperimentId } from './experiments.ts';
import type { Run } from './side.ts';
import type { Outcome } from './tournament.ts';

/** One number of a run; NaN when the run could not tell. */
export type Figure = (run: Run) => number;

export const figures = {
  /** Millions. */
  deliveriesPerServerSec: ({ deliveries, cpuSec }) => deliveries / cpuSec.server / 1e6,
  /** Millions, of all processes of the side. */
  deliveriesPerCpuSec: ({ deliveries, cpuSec: { server, publisher, clients } }) =>
    deliveries / (server + publisher + clients) / 1e6,
  /** Millions, by the clock. */
  deliveriesPerSec: ({ deliveries, seconds }) => deliveries / seconds / 1e6,
  serverMicrosPerDelivery: ({ deliveries, cpuSec }) => (cpuSec.server / deliveries) * 1e6,
  serverShare: ({ cpuSec, seconds }) => cpuSec.server / seconds,
  publisherShare: ({ cpuSec, seconds }) => cpuSec.publisher / seconds,
  clientsShare: ({ cpuSec, seconds }) => cpuSec.clients / seconds,
  deliveredShare: ({ deliveries, expected }) => deliveries / expected,
  p50Ms: ({ latencyMs }) => latencyMs?.p50 ?? Number.NaN,
  p99Ms: ({ latencyMs }) => latencyMs?.p99 ?? Number.NaN,
  p999Ms: ({ latencyMs }) => latencyMs?.p999 ?? Number.NaN,
  maxMs: ({ latencyMs }) => latencyMs?.max ?? Number.NaN,
  serverMegabytes: ({ serverRssBytes }) => serverRssBytes / 1e6,
} as const satisfies Record<string, Figure>;

/** Undefined when the side did not take part. */
export function spreadOf(outcome: Outcome, id: ExperimentId, side: string, figure: Figure): Spread | undefined {
  const values = runsOf(outcome, id, side).map(figure);
  return values.length === 0 ? undefined : spread(values);
}

/** Of `side` to `other`, round by round, for the machine's speed drifts from one to the next. */
export function ratioOf(
  outcome: Outcome,
  id: ExperimentId,
  [side, other]: readonly [string, string],
  figure: Figure,
): Spread | undefined {
  const others = runsOf(outcome, id, other);
  const ratios = runsOf(outcome, id, side).flatMap((run, round) => {
    const beside = others[round];
    return beside === undefined ? [] : [figure(run) / figure(beside)];
  });
  return ratios.length === 0 ? undefined : spread(ratios);
}

function runsOf(outcome: Outcome, id: ExperimentId, side: string): readonly Run[] {
  return outcome.get(id)?.get(side) ?? [];
}
