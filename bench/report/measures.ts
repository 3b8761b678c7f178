/** What runs are compared by and assertions are about. */

import type { LoadResult, Moment, Percentiles, RunReport } from '../load/report.ts';

/** What of a run the measures are taken from. */
export type Measured = Pick<RunReport, 'load' | 'figures'>;

export type Measure = {
  /** As `--assert` takes it. */
  readonly name: string;
  /** As in a figure: `ms`, `bytes`, `1/s`, `%`, `times`; empty for counts. */
  readonly unit: string;
  readonly better?: 'higher' | 'lower';
  /** Undefined when the run does not know it. */
  of(run: Measured): number | undefined;
  /** The like in one second of the window, where there is any. */
  inSecond?(moment: Moment): number | undefined;
};

/** Every measure of a load. To add one: list it here. */
export const measures: readonly Measure[] = [
  latency(
    'p50',
    (ms) => ms.p50,
    (moment) => moment.p50,
  ),
  latency('p90', (ms) => ms.p90),
  latency(
    'p99',
    (ms) => ms.p99,
    (moment) => moment.p99,
  ),
  latency('p99.9', (ms) => ms.p999),
  latency(
    'max',
    (ms) => ms.max,
    (moment) => moment.max,
  ),
  load('age-p50', 'ms', 'lower', ({ ageMs }) => ageMs?.p50),
  load('age-p99', 'ms', 'lower', ({ ageMs }) => ageMs?.p99),
  {
    ...load('deliveries', '1/s', 'higher', ({ deliveries, seconds }) => deliveries / seconds),
    inSecond: (moment) => moment.deliveries,
  },
  load('deliveries-per-cpu-second', '', 'higher', deliveriesPerCpuSec),
  load('fairness', '%', 'higher', ({ fairness: { least, most } }) => (most > 0 ? (100 * least) / most : undefined)),
  load('connect-p99', 'ms', 'lower', ({ connect }) => connect.timeMs.p99),
  load('connections-failed', '', 'lower', ({ connect }) => connect.asked - connect.opened),
  load('connections-lost', '', 'lower', ({ connect }) => connect.lost),
  load('conflated', '', 'lower', ({ ledger }) => ledger.conflated),
  load('missed', '', 'lower', ({ ledger }) => ledger.missed),
  load('lost', '', 'lower', ({ ledger }) => ledger.lost),
  load('duplicates', '', 'lower', ({ ledger }) => ledger.duplicates),
  {
    ...load('server-cpu', '%', 'lower', ({ server }) => server && 100 * server.cpuShare),
    inSecond: ({ serverCpu }) => serverCpu && 100 * serverCpu,
  },
  load('server-memory', 'bytes', 'lower', ({ server }) => server?.rssBytes),
  {
    ...load('load-cpu', '%', undefined, ({ clients }) => 100 * Math.max(0, ...clients.map(({ cpuShare }) => cpuShare))),
    inSecond: ({ clientCpu }) => 100 * clientCpu,
  },
];

/** Those of a load, then what only this run's scenario measures: `all back after` is called `all-back-after`. */
export function measuresOf({ figures }: Pick<Measured, 'figures'>): Measure[] {
  const own = figures.map(({ name, unit, better }) => ({
    name: measureName(name),
    unit,
    ...(better !== undefined && { better }),
    of: (run: Measured) => run.figures.find((figure) => figure.name === name)?.value,
  }));
  return [...measures, ...own];
}

/** Undefined when the server's CPU is not known, or was too little to be seen. */
export function deliveriesPerCpuSec({ deliveries, server }: LoadResult): number | undefined {
  return server !== undefined && server.cpuSec > 0 ? deliveries / server.cpuSec : undefined;
}

function measureName(figure: string): string {
  return figure
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-');
}

function latency(name: string, of: (ms: Percentiles) => number, inSecond?: (moment: Moment) => number): Measure {
  const measure = load(name, 'ms', 'lower', ({ latency }) => latency && of(latency.ms));
  return inSecond === undefined ? measure : { ...measure, inSecond };
}

function load(
  name: string,
  unit: string,
  better: Measure['better'],
  of: (load: LoadResult) => number | undefined,
): Measure {
  return { name, unit, ...(better !== undefined && { better }), of: ({ load }) => load && of(load) };
}
