import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';
import { type CliRun, type CliRunOptions, runInProcess } from '../support/cli-io.ts';
import { diceFeed } from '../support/dice-feed.ts';

let cwd: string;
let tickwire: RunningTickwire;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-cli-'));
  await writeFile(join(cwd, 'dice.ts'), diceFeed);
  await writeFile(join(cwd, 'tickwire.config.ts'), configFile);
  const config = await loadConfig({ cwd, env: {}, flags: { port: '0' } });
  tickwire = await startTickwire(config, { log: createLogger({ level: 'silent', format: 'json' }) });
});
afterAll(async () => {
  await tickwire.stop();
  await rm(cwd, { recursive: true });
});

const configFile = `
import { z } from 'zod';
export default {
  feeds: ['./dice.ts'],
  open: [
    { pattern: 'chat.*', kind: 'event', schema: z.object({ text: z.string() }) },
    { pattern: 'past.*', kind: 'event', schema: z.object({ text: z.string() }) },
    { pattern: 'people', kind: 'keyed', schema: z.object({ count: z.int() }) },
  ],
};`;

test('sub prints one line for each update and stops after --count', async () => {
  const { code, stdout } = await run(['sub', 'dice.red', '--count', '3']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^(\d\d:\d\d:\d\d\.\d{3} {2}dice\.red {2}eyes=\d+ +by=Ada\n){3}$/);
});

test('sub --json prints one object a line, in order and without gaps', async () => {
  const { code, stdout } = await run(['sub', 'dice.red', 'table', '--json', '--count', '10']);
  expect(code).toBe(0);
  const updates = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(updates).toHaveLength(10);
  const red = updates.filter(({ topic }) => topic === 'dice.red');
  expect(red[0]).toEqual({
    topic: 'dice.red',
    seq: expect.any(Number),
    ts: expect.any(Number),
    data: expect.anything(),
  });
  const seqs = red.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0] + i));
});

test('sub shows rows with their keys, and removals as such', async () => {
  const { stdout } = await run(['sub', 'table', '--count', '6']);
  expect(stdout).toMatch(/table +\[mine\] eyes=\d+/);
  expect(stdout).toMatch(/table +\[mine\] removed/);
});

test('sub says when nothing matches yet, waits, and stops when its time is over', async () => {
  const { code, stdout, stderr } = await run(['sub', 'nothing.here', '--for', '500ms']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toBe('tickwire: no topic matches nothing.here yet, waiting\n');
});

test('sub --rate shows the newest, and how many it stands for', async () => {
  const { code, stdout } = await run(['sub', 'dice.red', '--rate', '5', '--count', '4']);
  expect(code).toBe(0);
  const [first, , ...others] = stdout.trim().split('\n'); // the second may come at once
  expect(first).toMatch(/by=Ada$/);
  expect(others).toHaveLength(2);
  for (const line of others) expect(line).toMatch(/eyes=\d+ +by=Ada {2}\+\d+$/);
});

test('sub --json counts what is left out, so that seq and count agree', async () => {
  const { stdout } = await run(['sub', 'dice.red', '--rate', '10', '--delta', '--json', '--count', '5']);
  const updates = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const [i, { seq, conflated = 0 }] of updates.entries()) {
    if (i > 0) expect(seq - conflated).toBe(updates[i - 1].seq + 1);
  }
});

test('sub --fields and --filter show only what was asked for', async () => {
  const { stdout } = await run([
    'sub',
    'dice.red',
    '--fields',
    'eyes',
    '--filter',
    'eyes > 1',
    '--json',
    '--count',
    '3',
  ]);
  const updates = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { data } of updates) expect(Object.keys(data)).toEqual(['eyes']);
});

test('sub says in the words of the server what it can not be asked for', async () => {
  const { code, stdout, stderr } = await run(['sub', 'dice.red', '--fields', 'nose']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^tickwire: .*"nose"; there are eyes, by\n$/);
});

test('sub --verify compares with the server', async () => {
  const { code, stderr } = await run(['sub', 'dice.red', 'table', '--rate', '20', '--verify', '--for', '300ms']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'tickwire: 2 topics are as the server has them\n' });
});

test('history prints what was, in both directions, and sub begins with it', async () => {
  const stdin = Array.from({ length: 12 }, (_, i) => `{"text":"h${i + 1}"}`).join('\n');
  await run(['pub', 'past.a', '-'], { stdin });
  const texts = async (...args: string[]) => {
    const { code, stdout } = await run([...args, '--json']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line).data.text);
  };
  expect(await texts('history', 'past.a')).toEqual(Array.from({ length: 12 }, (_, i) => `h${i + 1}`));
  expect(await texts('history', 'past.a', '--last', '2')).toEqual(['h11', 'h12']);
  expect(await texts('history', 'past.a', '--last', '2', '--reverse')).toEqual(['h12', 'h11']);
  expect(await texts('history', 'past.a', '--after', '9')).toEqual(['h10', 'h11', 'h12']);
  expect(await texts('history', 'past.a', '--since', '1h', '--last', '1')).toEqual(['h12']);
  expect(await texts('history', 'past.a', '--since', '2099-01-01T00:00:00Z')).toEqual([]);
  expect(await texts('sub', 'past.a', '--last', '3', '--count', '3')).toEqual(['h10', 'h11', 'h12']);
  expect((await run(['history', 'past.a', '--last', '1'])).stdout).toMatch(/^\S+ {2}past\.a {2}text=h12\n$/);
});

test('history says why there is none', async () => {
  await run(['sub', 'dice.red', '--count', '1']);
  expect(await run(['history', 'dice.red'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('keeps no history'),
  });
  expect(await run(['history', 'no.such', '--json'])).toMatchObject({
    code: 1,
    stderr: 'tickwire: no topic "no.such"\n',
  });
});

test('connections lists who is there', async () => {
  expect(await run(['connections'])).toMatchObject({ code: 0, stdout: 'nobody is connected\n' });
  const stop = new AbortController();
  let line = () => {};
  const seen = new Promise<void>((resolve) => {
    line = resolve;
  });
  const sub = run(['sub', 'dice.red'], { stop: stop.signal, wrote: line });
  await seen;
  const { stdout } = await run(['connections']);
  expect(stdout).toMatch(/^ID +ADDRESS +CLIENT +UP +STEP +LAG +BUFFERED +SUBS +DELIVERED +SKIPPED +LOST\n/);
  expect(stdout).toMatch(/127\.0\.0\.1 +tickwire.* \(msgpack\) +\d\.\d s +full +\d+ ms +0 B +1 +\d+ +0 +0\n/);
  const json = await run(['connections', '--json', '--limit', '1', '--sort', 'skipped']);
  expect(JSON.parse(json.stdout)).toMatchObject({ step: 'full', subscriptions: [{ patterns: ['dice.red'] }] });
  stop.abort();
  await sub;
});

test('ledger finds that a good server accounts for everything', async () => {
  const { code, stdout, stderr } = await run(['ledger', 'dice.*', 'table', 'chat.*', '--for', '700ms']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^WHO +TOPICS +PUBLISHED +DELIVERED +CONFLATED +FILTERED +MISSED +PENDING +VERDICT$/);
  expect(lines.slice(1).every((line) => line.endsWith('adds up'))).toBe(true);
  expect(lines.find((line) => line.startsWith('dice.* at 5/s'))).toBeDefined();
  expect(lines.find((line) => line.startsWith('dice.* where eyes > '))).toBeDefined();
  const { ok, entries } = JSON.parse((await run(['ledger', 'dice.*', '--json', '--for', '500ms'])).stdout);
  expect(ok).toBe(true);
  const [plain, rated] = entries;
  expect(plain.books.delivered).toBe(plain.books.published);
  expect(plain.books.published).toBeGreaterThan(5);
  expect(rated.books.conflated).toBeGreaterThan(0);
});

test('pub sends one value, or a line of standard input each', async () => {
  let sub: Promise<CliRun> | undefined;
  await new Promise<void>((resolve) => {
    const wrote = (text: string) => text.includes('no topic matches') && resolve();
    sub = run(['sub', 'chat.*', '--json', '--count', '3'], { wrote });
  });
  expect(await run(['pub', 'chat.a', '{"text":"one"}'])).toMatchObject({ code: 0, stderr: '' });
  const stdin = '{"text":"two"}\n\n{"text":"three"}';
  expect(await run(['pub', 'chat.a', '-'], { stdin })).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = await sub!;
  const texts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).data.text);
  expect(texts).toEqual(['one', 'two', 'three']);
});

test('pub sets a row by --key', async () => {
  expect(await run(['pub', 'people', '{"count":3}', '--key', 'lobby'])).toMatchObject({ code: 0 });
  const { stdout } = await run(['sub', 'people', '--json', '--count', '1']);
  expect(JSON.parse(stdout)).toMatchObject({ topic: 'people', key: 'lobby', data: { count: 3 } });
});

test('pub says in the words of the server why it was refused', async () => {
  const forbidden = await run(['pub', 'dice.red', '1']);
  expect(forbidden.code).toBe(1);
  expect(forbidden.stderr).toMatch(/^tickwire: .*"dice\.red".*\n$/);
  const mismatch = await run(['pub', 'chat.a', '{"text":1}']);
  expect(mismatch.code).toBe(1);
  expect(mismatch.stderr).toContain('text');
});

test('pub names the line of standard input that is not JSON', async () => {
  const { code, stderr } = await run(['pub', 'chat.a'], { stdin: '{"text":"x"}\noops\n' });
  expect(code).toBe(2);
  expect(stderr).toContain('tickwire: line 2 is not JSON: "oops"');
});

test('topics lists kind, sequence number, age and fields', async () => {
  await run(['sub', 'dice.red', '--count', '1']);
  const { code, stdout } = await run(['topics']);
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^TOPIC +KIND +SEQ +AGE +FIELDS$/);
  expect(lines).toContainEqual(expect.stringMatching(/^dice\.red +latest +\d+ +\d\.\d s +eyes by$/));
  expect(lines).toContainEqual(expect.stringMatching(/^table +keyed +\d+ +\d\.\d s +eyes$/));
  const json = await run(['topics', 'dice.red', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    topic: 'dice.red',
    kind: 'latest',
    fields: [{ name: 'eyes' }, { name: 'by' }],
  });
  expect((await run(['topics', 'no.such'])).stdout).toBe('no topic matches no.such\n');
});

function run(args: readonly string[], options: Partial<CliRunOptions> = {}) {
  return runInProcess(args, { cwd, env: { TICKWIRE_URL: tickwire.url }, ...options });
}
