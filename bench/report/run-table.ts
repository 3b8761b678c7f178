/** Several runs side by side: a row a run. */

import type { RunReport } from '../load/report.ts';
import { latencySamples, samplesNeeded } from '../load/samples.ts';
import { measures } from './measures.ts';
import { showUnit, unknown } from './show.ts';

export type RunTable = {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of each run what its scenario measures: label, name, value. */
  readonly figures: readonly (readonly string[])[];
};

const columns = [
  { heading: 'p50', measure: 'p50' },
  { heading: 'p99', measure: 'p99' },
  { heading: 'deliveries', measure: 'deliveries' },
  { heading: 'server', measure: 'server-cpu' },
  { heading: 'load', measure: 'load-cpu' },
  { heading: 'memory', measure: 'server-memory' },
  { heading: 'lost', measure: 'lost' },
] as const;

export function runTable(runs: readonly RunReport[]): RunTable {
  const loads = runs.filter(({ load }) => load !== undefined);
  const rows = loads.map((run) => [mark(run), ...columns.map(({ measure }) => cell(run, measure))]);
  const figures = runs.flatMap((run) =>
    run.figures.map(({ name, value, unit }, i) => [i === 0 ? run.label : '', name, showUnit(value, unit)]),
  );
  return { headings: ['run', ...columns.map(({ heading }) => heading)], rows, figures };
}

/** A run in doubt is marked where its numbers are. */
function mark({ label, doubts }: RunReport): string {
  return doubts.length === 0 ? label : `${label} (?)`;
}

function cell(run: RunReport, name: (typeof columns)[number]['measure']): string {
  const measure = measures.find((one) => one.name === name);
  const value = measure?.of(run);
  if (measure === undefined || value === undefined) return unknown;
  if (name === 'p99' && run.load !== undefined && latencySamples(run.load) < samplesNeeded.p99) return unknown;
  return showUnit(value, measure.unit);
}
