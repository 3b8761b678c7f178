/** How a benchmark ends: its doubts and assertions decide the exit code. */

import type { BenchReport } from '../../../bench/load/report.ts';
import { type Assertion, judge } from '../../../bench/report/index.ts';
import { CliError } from '../exit.ts';

/**
 * Says how each assertion came out. Throws CliError: `doubtful` when a run is in doubt, whatever was asserted, for then
 * nothing is known; else `failed` when an assertion does not hold, or publications were lost and nobody asserted how many.
 */
export function conclude({ runs }: BenchReport, assertions: readonly Assertion[], say: (text: string) => void): void {
  const judgements = judge(assertions, runs);
  if (judgements.length > 0) say('\n');
  for (const { ok, message } of judgements) say(`${ok ? 'ok' : 'FAILED'}  ${message}\n`);
  const kinds = [...new Set(runs.flatMap(({ doubts }) => doubts.map(({ kind }) => kind)))];
  if (kinds.length > 0) throw new CliError('doubtful', `the numbers must not be believed: ${kinds.join(', ')}`);
  const lost = runs.reduce((sum, { load }) => sum + (load?.ledger.lost ?? 0), 0);
  if (lost > 0 && !assertions.some(({ name }) => name === 'lost')) {
    throw new CliError('failed', `${lost} publications neither came nor were announced as left out`);
  }
  const failed = judgements.filter(({ ok }) => !ok);
  if (failed.length > 0)
    throw new CliError('failed', `${failed.length} of ${judgements.length} assertions do not hold`);
}
