/** Where the report of a benchmark goes. */

import { constants } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { BenchReport } from '../../../bench/load/report.ts';
import { BenchError } from '../../../bench/load/scenario.ts';
import {
  compare,
  comparisonText,
  readReport,
  reportPage,
  reportText,
  writeReport,
} from '../../../bench/report/index.ts';
import { messageOf } from '../exit.ts';
import type { Io } from '../io.ts';
import type { BenchFlags } from './flags.ts';

export type Outputs = {
  /** To everywhere that the flags say. */
  write(report: BenchReport): Promise<void>;
  /** For people: on stdout, or on stderr when that is for a program. */
  say(text: string): void;
};

/** Throws BenchError for files that can't be read or written, before half a minute is spent for nothing. */
export async function openOutputs({ json, html, compare: earlier }: BenchFlags, io: Io): Promise<Outputs> {
  const jsonFile = typeof json === 'string' ? await writable('--json', json, io.cwd) : undefined;
  const htmlFile = html === undefined ? undefined : await writable('--html', html, io.cwd);
  const before = earlier === undefined ? undefined : readReport(await textOf(earlier, io.cwd), earlier);
  const say = (text: string) => void (json === true ? io.stderr : io.stdout).write(text);
  return {
    say,
    async write(report) {
      if (json === true) io.stdout.write(writeReport(report));
      else say(reportText(report));
      if (jsonFile !== undefined) await writeFile(jsonFile, writeReport(report));
      if (htmlFile !== undefined) await writeFile(htmlFile, await reportPage(report));
      if (before !== undefined) {
        say(
          `\nAgainst ${earlier}:\n${comparisonText(compare(before, readReport(writeReport(report), 'this report')))}`,
        );
      }
    },
  };
}

async function writable(flag: string, file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new BenchError(`${flag} ${file} can't be written: ${messageOf(error)}`, { cause: error });
  }
  return path;
}

async function textOf(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new BenchError(`--compare ${file} can't be read: ${messageOf(error)}`, { cause: error });
  }
}
