/** Results as text: a table of what operations cost, then what they cost against each other. */

import { grid } from '../support/grid.ts';
import { formatSpread } from '../support/statistics.ts';
import type { Cost, PartResult, Ratio } from './run-parts.ts';

type Row = readonly [operation: string, nanoseconds: string, half: string, allocated: string];

const head: Row = ['operation', 'ns, median', 'half of them', 'bytes allocated'];

export function showResults(results: readonly PartResult[]): string {
  const rows = results.flatMap(({ part, costs }) => costs.map((cost) => rowOf(part, cost)));
  const ratios = results.flatMap(({ part, ratios }) => ratios.map((ratio) => `${part}: ${showRatio(ratio)}`));
  const facts = results.flatMap(({ part, facts }) => facts.map((fact) => `${part}: ${fact}`));
  return [grid(head, rows).trimEnd(), ...ratios, ...facts].join('\n');
}

function rowOf(part: string, { operation, nanoseconds: { low, median, high }, allocatedBytes }: Cost): Row {
  return [
    `${part}: ${operation}`,
    showNumber(median),
    `${showNumber(low)}–${showNumber(high)}`,
    showNumber(allocatedBytes),
  ];
}

/** Names to the left, numbers to the right. */
function showRatio({ comparison, ratio, below }: Ratio): string {
  const limit = below === undefined ? '' : `; ${ratio.median < below ? 'holds' : 'DOES NOT HOLD'}: below ${below}`;
  return `${comparison}: ${formatSpread(ratio)} times${limit}`;
}

/** Three digits, and no more than a clock is good for. */
function showNumber(value: number): string {
  if (Number.isNaN(value)) return '?';
  const digits = Math.abs(value) >= 100 ? 0 : 1;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
