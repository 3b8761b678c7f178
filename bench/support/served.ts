/** `tickwire serve` as anybody starts it, in a process of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ServedProcess = {
  readonly url: string;
  /** Asks it to drain. Resolves with its exit code, or the signal that ended it. */
  drain(): Promise<number | string>;
  /** At once. Twice is harmless. */
  kill(): Promise<void>;
};

const ext = extname(import.meta.url);
const cli = fileURLToPath(new URL(`../../src/cli${ext}`, import.meta.url));
const readyWithinMs = 15_000;

/** Resolves when it is ready. `config`: as in its file; what it logs is read here. */
export async function serve(config: object, signal: AbortSignal): Promise<ServedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-bench-'));
  const file = join(folder, 'tickwire.config.json');
  await writeFile(file, JSON.stringify({ ...config, log: { level: 'info', format: 'json' } }));
  const child = spawn(process.execPath, [cli, 'serve', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit').then(async ([code, name]) => {
    await rm(folder, { recursive: true });
    return (code ?? name) as number | string; // one of both is there
  });
  const kill = async () => {
    if (isRunning(child)) child.kill('SIGKILL');
    await exited;
  };
  let url: string;
  try {
    url = await untilReady(child, signal);
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    url,
    drain() {
      child.kill('SIGTERM');
      return exited;
    },
    kill,
  };
}

/** Its URL. Of several on one port any may answer, so what this one says itself is waited for. */
async function untilReady(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(readyWithinMs);
  let said = '';
  for await (const [chunk] of on(child.stdout ?? child, 'data', {
    signal: AbortSignal.any([signal, timeout]),
    close: ['end'],
  })) {
    said += String(chunk);
    const url = /Tickwire is running at ([^"]+)"/.exec(said)?.[1];
    if (url !== undefined) {
      child.stdout?.resume();
      return url;
    }
  }
  throw new Error(`tickwire serve did not begin: ${said.trim().split('\n').at(-1) ?? ''}`);
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
