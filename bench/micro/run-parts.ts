/** Measures parts, one after the other. */

import type { Spread } from '../support/statistics.ts';
import { allocatedBytes } from './allocation.ts';
import type { Effort } from './effort.ts';
import type { Operation, Part } from './operation.ts';
import { ratioOf } from './ratio.ts';
import { type Timing, timeOf } from './timing.ts';

/** Of one operation. */
export type Cost = { readonly operation: string; readonly nanoseconds: Timing; readonly allocatedBytes: number };
export type Ratio = { readonly comparison: string; readonly ratio: Spread; readonly below?: number };
export type PartResult = {
  readonly part: string;
  readonly costs: readonly Cost[];
  readonly ratios: readonly Ratio[];
  readonly facts: readonly string[];
};

/** What a part needs is let go of before the next begins. */
export async function runPart(part: Part, effort: Effort): Promise<PartResult> {
  const { operations, comparisons = [], facts = [] } = part.make(effort.largest);
  const costs: Cost[] = [];
  for (const operation of operations) costs.push(await costOf(operation, effort));
  const ratios = comparisons.map((comparison) => {
    const { name, below } = comparison;
    return { comparison: name, ratio: ratioOf(comparison, effort), ...(below !== undefined && { below }) };
  });
  return { part: part.name, costs, ratios, facts };
}

/** Timed first: what it allocates depends on what the compiler has made of it by then. */
async function costOf({ name, run, perRun = 1 }: Operation, effort: Effort): Promise<Cost> {
  const { low, median, high } = await timeOf(run, effort.timeMs);
  return {
    operation: name,
    nanoseconds: { low: low / perRun, median: median / perRun, high: high / perRun },
    allocatedBytes: allocatedBytes(run, effort) / perRun,
  };
}
