/** What the harness found about itself. */

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SelfTestLine } from '../../../bench/load/index.ts';
import { CliError } from '../exit.ts';
import type { Io } from '../io.ts';
import { table } from '../table.ts';

/** Throws CliError `doubtful` unless every line is ok. */
export async function printSelfTest(
  lines: readonly SelfTestLine[],
  json: string | true | undefined,
  io: Io,
): Promise<void> {
  const ok = lines.every((line) => line.ok);
  const text = `${JSON.stringify({ ok, lines })}\n`;
  if (typeof json === 'string') await writeFile(resolve(io.cwd, json), text);
  io.stdout.write(json === true ? text : asTable(lines));
  if (!ok) throw new CliError('doubtful', 'the harness does not notice its own faults on this machine as it is now');
}

function asTable(lines: readonly SelfTestLine[]): string {
  const rows = lines.flatMap(({ what, expected, found, ok }) => [
    [ok ? 'ok' : 'FAILED', what],
    ['', `expected ${expected}`],
    ['', `found    ${found}`],
  ]);
  return table(['RESULT', 'WHAT'], rows);
}
