import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readReport } from '../../bench/report/index.ts';
import { reportOf, runOf } from '../bench/report/fixture.ts';
import { buildCli, cli, cliPath, removeCli, startCli } from '../support/built-cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-bench-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const untilEnded = ['bench', '--connections', '20', '--rate', '120', '--warm-up', '200ms', '--duration'];
const small = [...untilEnded, '1s'];

test('a run reports on stdout, in JSON, as a page and against an earlier one, and leaves no process behind', async () => {
  await writeFile(join(cwd, 'before.json'), JSON.stringify(reportOf(runOf())));
  const files = ['--json', 'now.json', '--html', 'now.html', '--compare', 'before.json'];
  const { code, stdout, stderr } = await cli([...small, ...files, '--assert', 'lost=0'], { cwd });
  const report = readReport(await readFile(join(cwd, 'now.json'), 'utf8'), 'now.json');
  expect(code).toBe(report.runs.some(({ doubts }) => doubts.length > 0) ? 3 : 0);
  expect(stdout).toMatch(/^20 connections in 1 process read bench\.> as msgpack; 10 topics at 120\/s each/m);
  expect(stdout).toMatch(/^connected +20 of 20 within /m);
  expect(stdout).toMatch(/^Against before.json:\nload +before +± +now +± +ratio +verdict\n/m);
  expect(stdout).toContain('ok  load: lost is 0, and lost=0 holds\n');
  expect(stderr).toMatch(/^tickwire: load: starting\n.*tickwire: load: measuring\n/s);
  expect(report.runs[0]?.load?.connect).toMatchObject({ asked: 20, opened: 20, lost: 0 });
  expect(await readFile(join(cwd, 'now.html'), 'utf8')).toMatch(/^<!doctype html>/);
  expect(ownProcesses()).toEqual([]);
});

test('with --json alone stdout is one report, and too few samples are a doubt that ends with 3', async () => {
  const { code, stdout, stderr } = await cli([...small, '--rate', '20', '--json', '--assert', 'p50<0.001us'], { cwd });
  expect(readReport(stdout, 'stdout').runs[0]?.doubts.map(({ kind }) => kind)).toContain('too short');
  expect(stderr).toMatch(/FAILED {2}load: p50 is .+, and p50<0.001us does not hold\n/);
  expect(stderr).toMatch(/tickwire: the numbers must not be believed: .*too short/);
  expect(code).toBe(3);
});

test('Ctrl-C stops everything and reports nothing', async () => {
  const running = startCli([...untilEnded, '1h'], { cwd });
  await running.line('measuring', 'stderr');
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.done;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/tickwire: stopped, so nothing is reported\n$/);
  expect(ownProcesses()).toEqual([]);
});

test('a server that is not there is said with 2', async () => {
  const { code, stdout, stderr } = await cli(['bench', '--url', 'ws://127.0.0.1:1'], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^tickwire: .*127\.0\.0\.1:1.*$/m);
  expect(stderr).not.toContain('    at ');
});

/** Command lines of what runs from the compiled sources of this test. */
function ownProcesses(): string[] {
  const listing = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  return listing.split('\n').filter((line) => line.includes(dirname(dirname(cliPath))));
}
