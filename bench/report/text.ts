/** A report for a terminal. */

import type { BenchReport, Doubt, Machine, RunReport } from '../load/report.ts';
import { grid, wrapped } from '../support/grid.ts';
import { type Block, blocks, whoseCpu } from './blocks.ts';
import { planSentence } from './plan-sentence.ts';
import { plot } from './plot.ts';
import { runTable } from './run-table.ts';
import { showBytes, showNumberOf } from './show.ts';

/** 80 columns wide at most, but for names that are longer. */
export function reportText(report: BenchReport): string {
  const { machine, runs } = report;
  const [only, ...others] = runs;
  const body = only !== undefined && others.length === 0 ? [oneRun(only)] : [manyRuns(runs)];
  return [wrapped(machineSentence(machine)), ...body, doubtsText(runs)].filter((part) => part !== '').join('\n');
}

export function machineSentence({ cpu, cores, memoryBytes, system, node, tickwire }: Machine): string {
  const size = `${showNumberOf(cores, 'core')}, ${showBytes(memoryBytes)}`;
  return `Tickwire ${tickwire} with Node ${node} on ${cpu} (${size}), ${system}.`;
}

function oneRun(run: RunReport): string {
  const { plan, load } = run;
  return [
    wrapped(plan === undefined ? `${run.label}.` : planSentence(plan)),
    ...blocks(run).map(blockText),
    ...(load === undefined ? [] : [wrapped(whoseCpu(load)), plotText(load.timeline.map(({ p99 }) => p99))]),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function blockText({ headings, rows }: Block): string {
  return grid(headings, rows);
}

function plotText(p99Ms: readonly number[]): string {
  return plot('p99 latency of each second, ms', p99Ms);
}

function manyRuns(runs: readonly RunReport[]): string {
  const { headings, rows, figures } = runTable(runs);
  const parts = [rows.length === 0 ? '' : grid(headings, rows), figures.length === 0 ? '' : grid([], figures)];
  return parts.filter((part) => part !== '').join('\n');
}

/** Last, so that nobody overlooks it; empty when there is no doubt. */
function doubtsText(runs: readonly RunReport[]): string {
  const all = runs.flatMap(({ label, doubts }) => doubts.map((doubt) => ({ label, doubt })));
  if (all.length === 0) return '';
  const lines = all.map(({ label, doubt }) =>
    wrapped(`- ${runs.length > 1 ? `${label}: ` : ''}${doubtText(doubt)}`, '  '),
  );
  return `DO NOT TRUST THESE NUMBERS:\n${lines.join('')}`;
}

export function doubtText({ kind, message }: Pick<Doubt, 'message'> & { readonly kind: string }): string {
  return `${kind}: ${message}.`;
}
