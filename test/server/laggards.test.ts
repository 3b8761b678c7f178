import { afterEach, expect, test } from 'vitest';
import { imbalance } from '../../src/bus/index.ts';
import type { FrameOf, ServerFrame } from '../../src/protocol/index.ts';
import type { Session } from '../../src/server/session.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const quick = { lagMs: 100, probeEveryMs: 20 };

test('a client that stops reading gets the newest value, an account of the rest, and then everything again', async () => {
  server = await testServer(quick);
  const topic = server.topic('a.latest');
  const publish = (n: number) => topic.publish({ bid: n, ask: n }, { ts: 1 });
  publish(1);
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.*');
  await client.next('snapshot');
  const session = theOnly(server);

  client.socket.pause();
  let n = 1;
  await until(() => {
    if (session.pace.step === 'conflated') return true;
    publish(++n);
    return false;
  });
  const told = n; // on its way to the client, one way or another
  for (let i = 0; i < 50; i++) publish(++n);
  expect(session.ledger()).toMatchObject({ pending: 50, delivered: told - 1 });
  client.socket.resume();
  await until(() => session.pace.step === 'full');
  publish(++n);

  const frames = await framesUntil(client, (frame) => frame.op === 'data' && frame.seq === n);
  const marks = frames.filter((frame) => frame.op === 'mark');
  expect(marks).toMatchObject([{ from: told + 1, to: n - 2, count: n - 2 - told, reason: 'slow' }]);
  expect(seqsOf(frames)).toEqual([...range(2, told), n - 1, n]);
  expect(frames.filter((frame) => frame.op === 'rate').map(({ step }) => step)).toEqual(['conflated', 'full']);
  expect(session.ledger()).toEqual({
    published: n - 1,
    delivered: n - 1 - 49,
    conflated: 49,
    filtered: 0,
    missed: 0,
    pending: 0,
  });
});

test('control frames do not wait behind the data that a slow client was spared', async () => {
  server = await testServer(quick);
  const topic = server.topic('a.latest');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.*');
  await client.next('snapshot');
  const session = theOnly(server);
  client.socket.pause();
  await until(() => {
    topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
    return session.pace.step === 'conflated';
  });
  for (let i = 0; i < 100_000; i++) topic.publish({ bid: i, ask: i }, { ts: 1 });
  client.send({ op: 'ping', t0: 7 });
  client.socket.resume();

  const frames = await framesUntil(client, (frame) => frame.op === 'pong');
  expect(frames.filter((frame) => frame.op === 'data').length).toBeLessThan(1000);
});

test('events are never conflated: a laggard gets what it missed in order, and a gap for what is no longer kept', async () => {
  server = await testServer(quick, [], ({ kind }) =>
    kind === 'event' ? { maxCount: 100, maxBytes: 1e6, maxAgeMs: 60_000 } : undefined,
  );
  const topic = server.topic('a.event', 'event');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.*');
  await client.next('snapshot');
  const session = theOnly(server);
  client.socket.pause();
  let n = 0;
  await until(() => {
    if (session.pace.step === 'conflated') return true;
    topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
    return false;
  });
  const told = n;
  for (let i = 0; i < 250; i++) topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
  client.socket.resume();
  await until(() => session.pace.step === 'full');

  const frames = await framesUntil(client, (frame) => frame.op === 'data' && frame.seq === n);
  expect(frames.filter((frame) => frame.op === 'gap')).toMatchObject([
    { from: told + 1, to: n - 100, reason: 'history' },
  ]);
  expect(frames.filter((frame) => frame.op === 'mark')).toEqual([]);
  expect(seqsOf(frames)).toEqual([...range(1, told), ...range(n - 99, n)]);
  expect(imbalance(session.ledger())).toBe(0);
  expect(session.ledger().missed).toBe(150);
});

test('a client that asked for little gets the newest in time, each hole announced, and no more bytes than that', async () => {
  server = await testServer(quick);
  const topic = server.topic('a.latest');
  const events = server.topic('a.event', 'event');
  const client = await TestClient.open(server.ws);
  client.send({ op: 'hello', id: 1, options: { maxBytesPerSec: 2000 } });
  await client.next('welcome');
  expect(await client.next('rate')).toMatchObject({
    step: 'conflated',
    reason: 'asked for at most 2000 bytes a second',
  });
  client.subscribe('a.*');
  await client.next('snapshot');
  const before = { at: performance.now(), bytes: client.bytes };
  let n = 0;
  const publishing = setInterval(() => {
    for (let i = 0; i < 20; i++) topic.publish({ bid: ++n, ask: 0 }, { ts: 1 }); // some 8000 values a second
    events.publish({ bid: n, ask: 0 }, { ts: 1 });
  }, 2);
  const frames = await framesUntil(client, (frame) => frame.op === 'data' && frame.seq > 4000 && frame.tid === 1);
  clearInterval(publishing);
  const seconds = (performance.now() - before.at) / 1000;
  expect(client.bytes - before.bytes).toBeLessThanOrEqual(2000 * (seconds + 1) + 200); // the last message may be longer
  expect(frames.filter((frame) => frame.op === 'rate' && frame.step === 'full')).toEqual([]);

  topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
  frames.push(...(await framesUntil(client, (frame) => frame.op === 'data' && frame.seq === n && frame.tid === 1)));
  const skipped = frames.filter((frame) => frame.op === 'mark').reduce((sum, { count }) => sum + count, 0);
  const got = frames.filter((frame) => frame.op === 'data' && frame.tid === 1).length;
  expect(got + skipped).toBe(n);
});

test('a topic born while a client reads nothing is made known to it when it reads again', async () => {
  server = await testServer(quick);
  const topic = server.topic('a.first');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.*');
  await client.next('snapshot');
  const session = theOnly(server);
  client.socket.pause();
  await until(() => {
    topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
    return session.pace.step === 'conflated';
  });
  const born = server.topic('a.second');
  for (let i = 1; i <= 3; i++) born.publish({ bid: i, ask: i }, { ts: 1 });
  client.socket.resume();
  const { tid } = await nextTopic(client, 'a.second');
  const frames = await framesUntil(client, (frame) => frame.op === 'data' && frame.tid === tid);
  expect(frames.filter((frame) => frame.op === 'mark' && frame.tid === tid)).toMatchObject([
    { from: 1, to: 2, count: 2 },
  ]);
  expect(frames.at(-1)).toMatchObject({ seq: 3, values: [3, 3] });
});

test('a client that never reads again is closed, and the others never notice', async () => {
  server = await testServer({ ...quick, evictAfterMs: 300 });
  const topic = server.topic('a.latest');
  const [stuck, well] = [await TestClient.greeted(server.ws), await TestClient.greeted(server.ws)];
  for (const client of [stuck, well]) {
    client.subscribe('a.*');
    await client.next('snapshot');
  }
  stuck.socket.pause();
  let n = 0;
  await until(() => {
    topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
    return server?.server.sessions.size === 1;
  });
  topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
  const frames = await framesUntil(well, (frame) => frame.op === 'data' && frame.seq === n);
  expect(seqsOf(frames)).toEqual(range(1, n));
  stuck.socket.resume();
  expect((await stuck.closed).code).toBe(4002);
});

async function nextTopic(client: TestClient, name: string): Promise<FrameOf<ServerFrame, 'topic'>> {
  for (;;) {
    const frame = await client.next('topic');
    if (frame.name === name) return frame;
  }
}

function theOnly({ server }: TestServer): Session {
  const [session] = server.sessions;
  return session!;
}

async function framesUntil(client: TestClient, isLast: (frame: ServerFrame) => boolean): Promise<ServerFrame[]> {
  const frames: ServerFrame[] = [];
  for (;;) {
    const frame = await client.any();
    frames.push(frame);
    if (isLast(frame)) return frames;
  }
}

function seqsOf(frames: readonly ServerFrame[]): number[] {
  return frames.filter((frame) => frame.op === 'data').map(({ seq }) => seq);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Looks again every few milliseconds; the test's own limit ends what never comes true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}
