/** A comparison for a terminal. */

import { grid, wrapped } from '../support/grid.ts';
import type { Comparison, Difference, Range } from './compare.ts';
import { showTimes, showUnit, unknown } from './show.ts';

/** A table for each run that both reports have, then what makes them less alike than they should be. */
export function comparisonText({ differences, remarks }: Comparison): string {
  const labels = [...new Set(differences.map(({ label }) => label))];
  const tables = labels.map((label) => runText(label, differences));
  const notes = remarks.map((remark) => wrapped(remark, '  ')).join('');
  return [...tables, notes].filter((part) => part !== '').join('\n');
}

function runText(label: string, differences: readonly Difference[]): string {
  const rows = differences.filter((one) => one.label === label && !isAlwaysZero(one)).map(rowOf);
  return grid([label, 'before', '±', 'now', '±', 'ratio', 'verdict'], rows);
}

function rowOf({ measure, before, now, ratio, verdict }: Difference): string[] {
  return [
    measure.name,
    ...[before, now].flatMap((range) => [showUnit(range.value, measure.unit), spreadOf(range)]),
    ratio === undefined ? unknown : showTimes(ratio),
    verdict,
  ];
}

/** Nothing to learn from what is 0 as it should be. */
function isAlwaysZero({ before, now }: Difference): boolean {
  return before.value === 0 && now.value === 0;
}

/** Half of what lies between the bounds, as a share of the value. */
function spreadOf({ value, bounds }: Range): string {
  if (bounds === undefined || value === 0) return '';
  return showUnit((50 * (bounds.high - bounds.low)) / value, '%');
}
