import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { measures } from '../../bench/report/index.ts';
import { conclude } from '../../src/cli/bench/verdict.ts';
import { reportOf, runOf } from '../bench/report/fixture.ts';
import { runInProcess } from '../support/cli-io.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-bench-'));
});
afterEach(() => rm(cwd, { recursive: true }));

describe('wrong usage exits with 2 before anything starts', () => {
  test.each<[string[], string | RegExp]>([
    [['--connections', '0'], /'-c, --connections <number>' argument '0' is invalid.*whole number from 1/],
    [['--rate', '-3'], /'-r, --rate <number>' argument '-3' is invalid.*above 0/],
    [['--payload', '1.5b'], /argument '1.5b' is invalid.*such as 128, 4kb or 1mb/],
    [['--duration', '10'], /'-d, --duration <time>' argument '10' is invalid.*such as 500ms/],
    [['--slow', '101%:stall'], /'--slow <share:way>' argument '101%:stall' is invalid.*100% at most/],
    [['--slow', '5:stall'], /argument '5:stall' is invalid.*5%:stall, 5%:stall30s or 5%:8kbps/],
    [['--slow', '5%:0kbps'], /argument '5%:0kbps' is invalid/],
    [['--encoding', 'sse'], /argument 'sse' is invalid.*msgpack, json, json-batch/],
    [['--assert', 'p99'], /'--assert <assertion>' argument 'p99' is invalid.*such as p99<20ms/],
    [['--assert', 'p98<2ms'], '"p98<2ms" is about "p98", which is none of p50, p90'],
    [['--server-pid', '1'], '--server-pid 1 is of a server that is there: add its --url, or leave it out'],
    [['--url', 'ws://x', '--topics', '2'], '--topics is for what the load publishes, and ws://x publishes its own'],
    [['--url', 'ws://x', '--pattern', 'a.{n}'], '--pattern a.{n}: {n} goes with topics of the load'],
    [['--url', 'ws://x', '--assert', 'server-cpu<50%'], '"server-cpu<50%" needs --server-pid'],
    [
      ['--pattern', 'host.>'],
      '--pattern host.> selects none of the topics of the load, which are bench.t0 to bench.t9',
    ],
    [['--pattern', 'a..b'], 'pattern "a..b" has an empty segment'],
    [['--connections', '2', '--workers', '3'], '--workers 3 are more than --connections 2'],
    [
      ['--self-test', '--rate', '1'],
      '--self-test runs loads of its own, so it goes with --json alone, not with --rate',
    ],
    [['--scenario', 'nonsense'], '--scenario nonsense is none of '],
    [['--json', 'no/such/folder.json'], "--json no/such/folder.json can't be written"],
    [['--compare', 'none.json'], "--compare none.json can't be read"],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await bench(args);
    expect(stderr).toMatch(message instanceof RegExp ? message : literally(message));
    expect(stderr).toMatch(/^tickwire: /);
    expect(stderr).not.toContain('    at ');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a report of another format is refused by its name', async () => {
    await writeFile(join(cwd, 'old.json'), '{"format":"other/2"}');
    const { code, stderr } = await bench(['--compare', 'old.json']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'tickwire: old.json has the format "other/2", and only tickwire-bench/1 can be read\n',
    });
  });
});

describe('help', () => {
  test('names every measure that can be asserted', async () => {
    const { stdout } = await bench(['--help']);
    for (const { name } of measures) expect(stdout).toMatch(new RegExp(`[ (]${name.replace('.', '\\.')}[ ,]`));
  });

  test('lists the scenarios, and so does --scenario list', async () => {
    const list = await bench(['--scenario', 'list']);
    expect(list.code).toBe(0);
    expect((await bench(['--help'])).stdout).toContain(list.stdout.trimEnd());
  });
});

describe('how a benchmark ends', () => {
  const doubts = [{ kind: 'generator busy', message: 'it was' } as const];
  const failing = { text: 'lost>0', name: 'lost', operator: '>', value: 0, unit: '' } as const;

  test('trusted and with nothing asserted it just ends', () => {
    expect(() => conclude(reportOf(runOf()), [], () => {})).not.toThrow();
  });

  test('a failed assertion fails', () => {
    expect(() => conclude(reportOf(runOf()), [failing], () => {})).toThrow(
      expect.objectContaining({ reason: 'failed' }),
    );
  });

  test('a loss that nobody asserted anything of fails', () => {
    const report = reportOf(runOf({ ledger: { delivered: 1, conflated: 0, missed: 0, lost: 2, duplicates: 0 } }));
    const message = '2 publications neither came nor were announced as left out';
    expect(() => conclude(report, [], () => {})).toThrow(expect.objectContaining({ reason: 'failed', message }));
    const few = { text: 'lost<5', name: 'lost', operator: '<', value: 5, unit: '' } as const;
    expect(() => conclude(report, [few], () => {})).not.toThrow();
  });

  test('doubts outweigh assertions', () => {
    const report = reportOf(runOf({}, { doubts }));
    expect(() => conclude(report, [failing], () => {})).toThrow(
      expect.objectContaining({ reason: 'doubtful', message: 'the numbers must not be believed: generator busy' }),
    );
  });
});

function bench(args: string[]) {
  return runInProcess(['bench', ...args], { cwd });
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
}
