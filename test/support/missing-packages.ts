/** Runs around the whole test run: at its end, says aloud which test files were skipped for want of a program. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'tickwire-tests-'));
  project.provide('runDirectory', directory);
  return () => {
    for (const line of missingPackages(directory)) process.stderr.write(`${line}\n`);
    rmSync(directory, { recursive: true, force: true });
  };
}

/** One line for each program that was missing, with how many test files it cost. */
export function missingPackages(directory: string): string[] {
  const skipped = new Map<string, string[]>();
  for (const file of readdirSync(directory)) {
    const [what, name] = file.split('.');
    if (what !== 'skipped' || name === undefined) continue;
    skipped.set(name, [...(skipped.get(name) ?? []), readFileSync(join(directory, file), 'utf8')]);
  }
  return Array.from(skipped, ([name, reasons]) => {
    const files = `${reasons.length} test ${reasons.length === 1 ? 'file' : 'files'}`;
    return `!!! ${files} skipped: ${name} is missing (apt-get install ${name}): ${reasons[0]}`;
  });
}
