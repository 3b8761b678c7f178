import { expect, test } from 'vitest';
import type { Progress } from '../../bench/load/report.ts';
import { progressLine } from '../../src/cli/bench/progress-line.ts';

const rates = { deliveriesPerSec: 100_100, p99Ms: 28.8, serverCpu: 0.66, clientCpu: 0.71 };
const measuring: Progress = { label: 'load', phase: 'measuring', done: 0.67, connections: 100, ...rates };

test('on a terminal one line is rewritten, and nothing is left of it', () => {
  const { written, stderr } = output(true);
  const line = progressLine(stderr);
  line.show({ label: 'load', phase: 'connecting', done: 0, connections: 0 });
  line.show(measuring);
  line.show({ ...measuring, label: 'a run with a name that takes up half of the room there is' });
  line.clear();
  const [connecting, half, long, cleared] = written.map((text) => text.replace('\r', '').trimEnd());
  expect(connecting).toBe('load: connecting, 0 connections');
  expect(half).toBe('load: 67 %, 100 connections, 100,100/s, p99 28.8 ms, server 66 %, load 71 %');
  expect(long).toMatch(/^a run with a name .*…$/);
  expect(cleared).toBe('');
  for (const text of written) expect(text.replaceAll('\r', '')).toHaveLength(79);
});

test('elsewhere each phase is told once', () => {
  const { written, stderr } = output(false);
  const line = progressLine(stderr);
  for (const done of [0, 0.5, 1]) line.show({ ...measuring, done });
  line.show({ ...measuring, phase: 'stopping' });
  line.clear();
  expect(written).toEqual(['tickwire: load: measuring\n', 'tickwire: load: stopping\n']);
});

function output(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => {
    written.push(text);
    return true;
  };
  return { written, stderr: { isTTY, write } };
}
