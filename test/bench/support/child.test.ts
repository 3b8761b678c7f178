import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Child, canBind, startChild } from '../../../bench/support/child.ts';
import { buildBench, builtFile, removeBench } from '../load/support/built-bench.ts';

const folder = builtFile('parts');
const parent = pathToFileURL(`${folder}/parent.js`).href;
beforeAll(async () => {
  await buildBench();
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/part.js`, part);
});
afterAll(removeBench);

const children: Child[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

test('each request gets its own answer, whichever is ready first', async () => {
  const child = start();
  const slow = child.ask({ say: 'slow', afterMs: 50 });
  const quick = child.ask({ say: 'quick', afterMs: 0 });
  expect(await quick).toEqual({ said: 'quick' });
  expect(await slow).toEqual({ said: 'slow' });
});

test('what the child throws comes out with its name, and the child goes on', async () => {
  const child = start();
  await expect(child.ask({ fail: 'no' })).rejects.toMatchObject({ name: 'RangeError', message: 'no' });
  expect(await child.ask({ say: 'still there', afterMs: 0 })).toEqual({ said: 'still there' });
});

test('whoever waits for a child that ends is told, and so is whoever asks it later', async () => {
  const child = start();
  await expect(child.ask({ exit: 7 })).rejects.toThrow('part ended by itself with code 7');
  await expect(child.ask({ say: 'too late', afterMs: 0 })).rejects.toThrow('part ended by itself with code 7');
  await child.stop();
});

test('a child can be stopped while it is busy, and twice', async () => {
  const child = start();
  const waiting = child.ask({ say: 'never', afterMs: 1_000_000 });
  const refused = expect(waiting).rejects.toThrow('part ended by itself with SIGKILL');
  await child.stop();
  await child.stop();
  await refused;
  expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
});

test.runIf(canBind())('cores go round', async () => {
  const answers = await Promise.all(
    [0, 1, 1000].map((core) => start({ core }).ask<{ cores: string }>({ cores: true })),
  );
  expect(answers.map(({ cores }) => /^\d+$/.test(cores))).toEqual([true, true, true]);
});

function start(options: Parameters<typeof startChild>[2] = {}): Child {
  const child = startChild('part', parent, options);
  children.push(child);
  return child;
}

const part = `
import { readFileSync } from 'node:fs';
import { answerParent } from '../bench/support/child.js';
answerParent(async ({ say, afterMs, fail, exit }) => {
  if (exit !== undefined) process.exit(exit);
  if (fail !== undefined) throw new RangeError(fail);
  if (say === undefined) return { cores: /^Cpus_allowed_list:\\s*(\\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1] };
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  return { said: say };
});`;
