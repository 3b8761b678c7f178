/** What a benchmark found, one line a promise. */

import { grid } from './grid.ts';

/** `missed`: off, but timings of a busy machine may be; `BROKEN`: off, and nothing but the server can be the reason. */
export type Verdict = 'ok' | 'missed' | 'BROKEN' | '';
export type Line = {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly verdict: Verdict;
};

export function printTable(lines: readonly Line[]): void {
  const rows = lines.map(({ what, measured, limit, verdict }) => [what, measured, limit, verdict]);
  process.stdout.write(grid([], [['what', 'measured', 'limit', 'verdict'], ...rows]));
}
