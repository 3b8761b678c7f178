/** What each delivery costs, as figures of a run. */

import type { Figure, RunReport } from '../load/report.ts';

/** The same run, with bytes and CPU of each delivery where something was delivered. */
export function perDelivery(run: RunReport): RunReport {
  const { load } = run;
  if (load === undefined || load.deliveries === 0) return run;
  const { deliveries, bytes, server } = load;
  const figures: Figure[] = [
    { name: 'payload per delivery', value: bytes / deliveries, unit: 'bytes', better: 'lower' },
  ];
  if (server !== undefined) {
    figures.push({
      name: 'server CPU per delivery',
      value: (server.cpuSec * 1e6) / deliveries,
      unit: 'us',
      better: 'lower',
    });
  }
  return { ...run, figures: [...run.figures, ...figures] };
}

/** By how much the last run costs more than the first, for each figure that both have. */
export function timesOf(first: RunReport, last: RunReport, names: readonly string[]): Figure[] {
  return names.flatMap((name) => {
    const [before, after] = [first, last].map(({ figures }) => figures.find((figure) => figure.name === name)?.value);
    if (before === undefined || after === undefined || before === 0) return [];
    return [{ name: `${name}, to ${first.label}`, value: after / before, unit: 'times', better: 'lower' as const }];
  });
}
