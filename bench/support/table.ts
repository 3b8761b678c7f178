/** What a benchmark found, one line a promise. */

/** `missed`: off, but timings of a busy machine may be; `BROKEN`: off, and nothing but the server can be the reason. */
export type Verdict = 'ok' | 'missed' | 'BROKEN' | '';
export type Line = {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly verdict: Verdict;
};

export function printTable(lines: readonly Line[]): void {
  const rows = [{ what: 'what', measured: 'measured', limit: 'limit', verdict: 'verdict' }, ...lines];
  const columns = ['what', 'measured', 'limit', 'verdict'] as const;
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = columns.map((column, i) => row[column].padEnd(widths[i] ?? 0));
    console.log(cells.join('  ').trimEnd());
  }
}
