import { expect, test } from 'vitest';
import { Reporter, runtimeOf } from '../../src/client/reporter.ts';
import { ServerClock } from '../../src/client/server-clock.ts';
import type { ClientReport, ServerFrame } from '../../src/protocol/index.ts';
import { ManualTime } from '../support/manual-time.ts';
import { Lab } from './lab.ts';

const aheadMs = 3_600_000; // of the server's clock

test('it tells how many frames came and how late by the server clock, each time anew', () => {
  const { time, reports, reporter, hear, data } = made();
  reporter.start(15_000);
  time.pass(11_000);
  for (const latencyMs of [0.5, 1, 1.5, 40, 10_000, 10_001, -4]) {
    time.pass(10);
    hear(data(latencyMs));
  }
  time.pass(3930);
  hear(data(3), data(3));
  time.pass(15_000);
  expect(reports).toEqual([
    { forMs: 15_000, frames: 7, latency: [3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1], runtime: 'node' },
    { forMs: 15_000, frames: 2, latency: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], runtime: 'node' },
  ]);
});

test('where nothing came there is nothing to tell, and signs of life are nothing; the next one covers the silence', () => {
  const { time, reports, reporter, hear, data } = made();
  reporter.start(15_000);
  hear({ op: 'heartbeat', t: 0 }, { op: 'pong', t0: 0, t1: 0, t2: 0 });
  time.pass(15_000);
  expect(reports).toEqual([]);
  hear(data(3));
  time.pass(15_000);
  expect(reports).toMatchObject([{ forMs: 30_000, frames: 1 }]);
});

test('one publication of a message is looked at, and of messages one in ten milliseconds', () => {
  const { time, reports, reporter, hear, data } = made();
  reporter.start(15_000);
  time.pass(1000);
  hear({ op: 'heartbeat', t: 0 }, data(3), data(3), data(3));
  hear(data(3));
  time.pass(9);
  hear(data(3));
  time.pass(1);
  hear(patch(time, 3));
  time.pass(14_000);
  expect(reports).toMatchObject([{ frames: 6, latency: [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }]);
});

test('what was published before it was asked for is no measure of the way', () => {
  const { time, reports, reporter, hear, data } = made();
  reporter.start(15_000);
  time.pass(1000);
  reporter.asked();
  time.pass(500);
  hear(data(501));
  hear(data(400));
  time.pass(13_500);
  expect(reports).toMatchObject([{ frames: 2, latency: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0] }]);
});

test('while the server clock is not known no latency is told', () => {
  const { time, reports, reporter, hear, data } = made({ isClockKnown: false });
  reporter.start(15_000);
  time.pass(1000);
  hear(data(3));
  time.pass(14_000);
  expect(reports).toMatchObject([{ frames: 1, latency: Array(14).fill(0) }]);
});

test('clients that came together report at moments of their own, and then so often', () => {
  const { time, reports, reporter, hear, data } = made({ random: () => 0.25 });
  reporter.start(15_000);
  hear(data(3));
  time.pass(3750);
  expect(reports).toMatchObject([{ forMs: 3750 }]);
  hear(data(3));
  time.pass(14_999);
  expect(reports).toHaveLength(1);
  time.pass(1);
  expect(reports).toHaveLength(2);
});

test('stopped, it tells nothing of what it had counted', () => {
  const { time, reports, reporter, hear, data } = made();
  reporter.start(15_000);
  hear(data(3));
  reporter.stop();
  expect(time.timers).toBe(0);
  time.pass(5000);
  reporter.start(15_000);
  hear(data(3));
  time.pass(15_000);
  expect(reports).toMatchObject([{ forMs: 15_000, frames: 1 }]);
});

test.each([0, -5, Number.NaN])('a server that asks every %d ms is told nothing', (askedMs) => {
  const { time, reporter } = made();
  reporter.start(askedMs);
  expect(time.timers).toBe(0);
});

test('a server that asks all the time is told ten times a second', () => {
  const { time, reporter } = made();
  reporter.start(0.001);
  expect(time.delays).toEqual([100]);
});

test.each([
  ['browser', { document: {}, process: {} }],
  ['browser', { WorkerGlobalScope: {} }],
  ['node', { process: {} }],
  ['other', { process: {}, Bun: {} }],
  ['other', { Deno: {}, WorkerGlobalScope: {} }],
  ['other', {}],
] as const)('it runs in %s where there are %j', (runtime, globals) => {
  expect(runtimeOf(globals)).toBe(runtime);
});

test('a client tells a server that asks in WELCOME, looks at the clock again, and ends with the connection', async () => {
  const lab = await Lab.open({ random: () => 1 });
  const connection = await lab.greeted({ reportMs: 5000 });
  await lab.said();
  lab.client.subscribe('room.*');
  const { id } = await connection.next('subscribe');
  lab.time.pass(1000);
  const ts = Math.round(lab.client.serverNow() * 1000) - 30_000;
  await lab.said(
    { op: 'subscribed', id, sid: 1, topics: 0, stream: 0, rate: 0 },
    { op: 'schema', schema: 1, fields: [{ name: 'n', type: 'int' }] },
    { op: 'topic', tid: 1, name: 'room.lobby', schema: 1, epoch: 'life 1', kind: 'event', maxSilenceMs: 0 },
    { op: 'data', tid: 1, seq: 1, ts, values: [1] },
  );
  lab.time.pass(4000);
  const { report } = await connection.next('report');
  expect(report).toEqual({
    forMs: 5000,
    frames: 4,
    latency: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    runtime: 'node',
  });
  await connection.next('ping');
  lab.client.close();
  expect(lab.time.timers).toBe(0);
  await lab.close();
});

test('a client whose program does not want reports sends none', async () => {
  const lab = await Lab.open({ reports: false });
  await lab.greeted({ reportMs: 5000 });
  await lab.said();
  expect(lab.time.delays).toEqual([10_000]); // the heartbeat
  await lab.close();
});

function made({ isClockKnown = true, random = (): number => 1 } = {}) {
  const time = new ManualTime();
  const clock = new ServerClock(time);
  const at = (time.now() + aheadMs) * 1000;
  if (isClockKnown) clock.end(clock.begin(), { t1: at, t2: at });
  const reports: ClientReport[] = [];
  const reporter = new Reporter({ time, clock, random, send: (report) => void reports.push(report) });
  const data = (latencyMs: number): ServerFrame => ({
    op: 'data',
    tid: 1,
    seq: 1,
    ts: tsOf(time, latencyMs),
    values: [],
  });
  const hear = (...frames: ServerFrame[]) => {
    reporter.message(time.elapsed());
    for (const frame of frames) reporter.frame(frame);
  };
  return { time, reports, reporter, hear, data };
}

function patch(time: ManualTime, latencyMs: number): ServerFrame {
  return { op: 'patch', tid: 1, seq: 1, ts: tsOf(time, latencyMs), base: 0, changes: [] };
}

function tsOf(time: ManualTime, latencyMs: number): number {
  return (time.now() + aheadMs - latencyMs) * 1000;
}
