/**
 * What the parts of the server and of the client library cost by themselves, in time and in memory allocated.
 *
 *   npm run bench:micro [-- [--effort full|quick|least] [--json <file>] [part …]]
 */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { efforts, isEffortName } from './effort.ts';
import type { Part } from './operation.ts';
import { parts } from './parts/index.ts';
import { runPart } from './run-parts.ts';
import { showResults } from './show.ts';

try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { effort: { type: 'string', default: 'full' }, json: { type: 'string' } },
  });
  const { effort, json } = values;
  if (!isEffortName(effort)) {
    throw new RangeError(`--effort must be one of ${Object.keys(efforts).join(', ')}, got "${effort}"`);
  }
  const results = [];
  for (const part of chosen(positionals)) results.push(await runPart(part, efforts[effort]));
  console.log(showResults(results));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: machine(), effort, results }, null, 2)}\n`);
}

function chosen(words: readonly string[]): readonly Part[] {
  const stray = words.find((word) => !parts.some(({ name }) => name.includes(word)));
  if (stray !== undefined) {
    throw new RangeError(`no part's name contains "${stray}"; parts are ${parts.map(({ name }) => name).join(', ')}`);
  }
  return words.length === 0 ? parts : parts.filter(({ name }) => words.some((word) => name.includes(word)));
}

function machine() {
  const processors = cpus();
  return { cpu: processors[0]?.model ?? 'unknown', cores: processors.length, node: process.version };
}
