/** The command as users run it: compiled, in a process of its own. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}node_modules/.cache/tickwire-cli-${process.pid}`;
export const cliPath = `${folder}/src/cli.js`;

/** Compiles the sources into a folder of this process. Below node_modules, so that dependencies are found. */
export async function buildCli(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    `${folder}/package.json`,
    JSON.stringify({ name: 'tickwire', version: '0.0.0-test', type: 'module' }),
  );
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const quick = ['--noCheck', '--declaration', 'false', '--sourceMap', 'false']; // types have a check of their own
  const args = ['-p', 'tsconfig.build.json', '--outDir', folder, ...quick];
  await promisify(execFile)(process.execPath, [tsc, ...args], { cwd: root });
}

export function removeCli(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export type CliOptions = { cwd: string; env?: Record<string, string>; stdin?: string };

/** Runs a command to its end. */
export async function cli(args: readonly string[], options: CliOptions) {
  const running = startCli(args, options);
  return running.done;
}

/** Starts a command; `line` resolves with the next line of its standard output that contains `text`. */
export function startCli(args: readonly string[], { cwd, env = {}, stdin = '' }: CliOptions) {
  const child = spawn(process.execPath, [cliPath, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const done = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, stdout, stderr }));
  const lines = { stdout: createInterface(child.stdout), stderr: createInterface(child.stderr) };
  async function line(text: string, from: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    return new Promise((resolve, reject) => {
      lines[from].on('line', (found) => found.includes(text) && resolve(found));
      void done.then((end) => reject(new Error(`ended without "${text}": ${JSON.stringify(end)}`)));
    });
  }
  return { child, done, line };
}
