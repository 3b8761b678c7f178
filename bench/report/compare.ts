/** Whether a benchmark went better or worse than an earlier one, or whether nobody can tell. */

import type { Moment } from '../load/report.ts';
import { BenchError } from '../load/scenario.ts';
import { spread } from '../support/statistics.ts';
import { type Measure, type Measured, measures, measuresOf } from './measures.ts';
import type { PastReport, PastRun } from './report-file.ts';

/** `changed`: by more than noise, where neither direction is better; `unclear`: no repetition tells what noise is. */
export type Verdict = 'better' | 'worse' | 'changed' | 'within noise' | 'unclear';

export type Difference = {
  readonly label: string;
  readonly measure: Measure;
  readonly before: Range;
  readonly now: Range;
  /** Absent when it was 0. */
  readonly ratio?: number;
  readonly verdict: Verdict;
};

/** The median of the runs, and within what it may lie; without bounds nothing is known of that. */
export type Range = { readonly value: number; readonly bounds?: { readonly low: number; readonly high: number } };

export type Comparison = {
  readonly differences: readonly Difference[];
  /** What makes the two less alike than they should be, one sentence each. */
  readonly remarks: readonly string[];
};

/** Runs are matched by label. Throws BenchError when the reports are of different scenarios or have no run in common. */
export function compare(before: PastReport, now: PastReport): Comparison {
  if (before.scenario !== now.scenario) {
    throw new BenchError(
      `the report to compare with is of the scenario "${before.scenario}", this one of "${now.scenario}"`,
    );
  }
  const labels = [...new Set(now.runs.map(({ label }) => label))];
  const pairs = labels
    .map((label) => ({ label, earlier: runsOf(before, label), now: runsOf(now, label) }))
    .filter(({ earlier }) => earlier.length > 0);
  if (pairs.length === 0) throw new BenchError(`the report to compare with has none of the runs ${labels.join(', ')}`);
  return {
    differences: pairs.flatMap((pair) => differencesOf(pair.label, pair.earlier, pair.now)),
    remarks: [
      ...machineRemarks(before, now),
      ...pairs.flatMap((pair) => planRemarks(pair.label, pair.earlier, pair.now)),
    ],
  };
}

function runsOf({ runs }: PastReport, label: string): PastRun[] {
  return runs.filter((run) => run.label === label);
}

function differencesOf(label: string, before: readonly PastRun[], now: readonly PastRun[]): Difference[] {
  const known = [...measures, ...now.slice(0, 1).flatMap((run) => measuresOf(run).slice(measures.length))];
  return known.flatMap((measure) => {
    const ranges = { before: rangeOf(measure, before), now: rangeOf(measure, now) };
    if (ranges.before === undefined || ranges.now === undefined) return [];
    return differenceOf(label, measure, ranges.before, ranges.now);
  });
}

function differenceOf(label: string, measure: Measure, before: Range, now: Range): Difference {
  const verdict = verdictOn(measure, before, now);
  return { label, measure, before, now, ...(before.value !== 0 && { ratio: now.value / before.value }), verdict };
}

const smallestShare = 0.01; // what differs by less than this is the same to anybody

function verdictOn({ better }: Measure, before: Range, now: Range): Verdict {
  if (Math.abs(now.value - before.value) <= smallestShare * Math.abs(before.value)) return 'within noise';
  if (before.bounds === undefined || now.bounds === undefined) return 'unclear';
  if (now.bounds.low <= before.bounds.high && before.bounds.low <= now.bounds.high) return 'within noise';
  if (better === undefined) return 'changed';
  return now.value > before.value === (better === 'higher') ? 'better' : 'worse';
}

/** Of several runs the least and the most; of one run what its seconds say. */
function rangeOf(measure: Measure, runs: readonly Measured[]): Range | undefined {
  const values = runs.flatMap((run) => measure.of(run) ?? []);
  if (values.length === 0) return undefined;
  const { min: low, median: value, max: high } = spread(values);
  if (values.length > 1) return { value, bounds: { low, high } };
  const share = notchShare(measure, runs[0]?.load?.timeline ?? []);
  return share === undefined ? { value } : { value, bounds: { low: value * (1 - share), high: value * (1 + share) } };
}

const fewestSeconds = 5; // quartiles of less are not worth their name
const notch = 1.57; // McGill, Tukey and Larsen 1978: medians whose notches do not overlap differ, with 95 %

/** How far the median of the seconds may be off, as a share of it. */
function notchShare({ inSecond }: Measure, timeline: readonly Moment[]): number | undefined {
  const seconds = timeline.flatMap((moment) => inSecond?.(moment) ?? []).sort((a, b) => a - b);
  const at = (share: number) => seconds[Math.round(share * (seconds.length - 1))] ?? 0;
  if (seconds.length < fewestSeconds || at(0.5) === 0) return undefined;
  return (notch * (at(0.75) - at(0.25))) / Math.sqrt(seconds.length) / at(0.5);
}

function machineRemarks(before: PastReport, now: PastReport): string[] {
  const keys = ['cpu', 'cores', 'memoryBytes', 'system', 'node'] as const;
  const others = keys.filter((key) => before.machine[key] !== now.machine[key]);
  return others.map((key) => `The machines differ in ${key}: ${before.machine[key]} before, ${now.machine[key]} now.`);
}

function planRemarks(label: string, [before]: readonly PastRun[], [now]: readonly PastRun[]): string[] {
  const plans = [before?.plan ?? {}, now?.plan ?? {}] as const;
  const keys = [...new Set(plans.flatMap(Object.keys))];
  return keys.flatMap((key) => {
    const [then, here] = plans.map((plan) => JSON.stringify(plan[key]) ?? 'nothing');
    return then === here ? [] : `The plans of ${label} differ in ${key}: ${then} before, ${here} now.`;
  });
}
