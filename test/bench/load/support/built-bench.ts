/** The harness as users run it: compiled, for its parts are processes of their own. */

import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildCli, cliPath, removeCli } from '../../../support/built-cli.ts';

export type BuiltBench = typeof import('../../../../bench/load/index.ts');

/** Compiles the sources into a folder of this process. */
export async function buildBench(): Promise<BuiltBench> {
  await buildCli();
  return import(pathToFileURL(builtFile('bench/load/index.js')).href);
}

/** Where a source file's compiled form lies, `bench/load/index.js`. */
export function builtFile(file: string): string {
  return `${dirname(dirname(cliPath))}/${file}`;
}

export const removeBench = removeCli;
