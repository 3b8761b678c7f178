import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PublishOutcome } from '../../src/bus/index.ts';
import { readToken } from '../../src/server/event-token.ts';
import { EventReader, type SeenEvent } from '../support/event-reader.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await testServer({ heartbeatMs: 300 });
});
afterEach(() => server.stop());

const read = (query: string, lastEventId?: string) => EventReader.open(`${server.http}/events?${query}`, lastEventId);
const count = z.object({ n: z.number() });

test('a reader is told what it is subscribed to, what the topics are, what they hold, and what comes', async () => {
  const topic = server.topic('a.latest');
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  const reader = await read('topics=a.*');
  expect(reader.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  expect(await reader.any()).toMatchObject({ type: 'subscribed', data: { topics: 1, stream: 0, rate: 0 } });
  expect(await reader.any()).toMatchObject({ type: 'schema', data: { schema: 1 } });
  expect(await reader.any()).toMatchObject({ type: 'topic', data: { topic: 'a.latest', kind: 'latest', schema: 1 } });
  expect(await reader.any()).toMatchObject({
    type: 'snapshot',
    data: { seq: 1, rows: [{ data: { bid: 1, ask: 2 } }] },
  });
  expect(reader.retryMs).toBeGreaterThanOrEqual(1000);
  topic.publish({ bid: 3, ask: 4 }, { ts: 2 });
  expect(await reader.any()).toMatchObject({
    type: 'data',
    data: { op: 'data', topic: 'a.latest', seq: 2, ts: 2, data: { bid: 3, ask: 4 } },
  });
});

test('several patterns that overlap bring each publication once, those of topics born later too', async () => {
  server.topic('a.one');
  const reader = await read('topics=a.*,>&topics=a.one');
  await reader.next('snapshot');
  const born = server.topic('b.two');
  born.publish({ bid: 1, ask: 1 }, { ts: 1 });
  server.topic('a.one').publish({ bid: 1, ask: 1 }, { ts: 1 });
  const seen = await reader.until(({ type, data }) => type === 'data' && data.topic === 'a.one');
  const told = seen.filter(({ type }) => type !== 'schema');
  expect(told.map(({ type, data }) => [type, data.topic])).toEqual([
    ['topic', 'b.two'],
    ['data', 'b.two'],
    ['data', 'a.one'],
  ]);
});

test('views work as they do on a socket, and say what they leave out', async () => {
  const topic = server.topic('a.b');
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  const reader = await read(`topics=a.b&fields=bid&filter=${encodeURIComponent('bid > 5')}&maxRate=20`);
  const { data } = await reader.next('subscribed');
  expect(data).toMatchObject({ rate: 20 });
  expect(data.stream).toBeGreaterThan(0);
  expect((await reader.next('snapshot')).data).toMatchObject({ stream: data.stream, seq: 1, rows: [] });
  for (const bid of [6, 7, 1, 8]) topic.publish({ bid, ask: 0 }, { ts: 2 });
  const seen = await reader.until(({ type, data }) => type === 'data' && data.seq === 5);
  expect(seen.at(-1)?.data.data).toEqual({ bid: 8 });
  expect(accounted(seen, 'a.b', 1)).toBe(5);
});

test('last and since begin with what was', async () => {
  const topic = server.topic('a.event', 'event', count);
  for (let n = 1; n <= 5; n++) topic.publish({ n }, { ts: n * 1000 });
  const [last, since] = [await read('topics=a.*&last=2'), await read('topics=a.*&since=3000')];
  expect(numbersOf(await last.until(({ data }) => data.seq === 5))).toEqual([4, 5]);
  expect(numbersOf(await since.until(({ data }) => data.seq === 5))).toEqual([3, 4, 5]);
});

test('readers of the same share the work of encoding it', async () => {
  const topic = server.topic('a.b');
  const readers = await Promise.all(Array.from({ length: 5 }, () => read('topics=a.b')));
  for (const reader of readers) await reader.next('snapshot');
  const before = server.hub.counts.encodes;
  topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
  const seen = await Promise.all(readers.map((reader) => reader.next('data')));
  expect(server.hub.counts.encodes - before).toBe(1);
  expect(new Set(seen.map(({ lastEventId }) => lastEventId)).size).toBe(1);
  expect(server.hub.streamCount).toBe(1);
});

describe('coming back', () => {
  test('brings the events that were missed, once and in order, and says that nothing is lost', async () => {
    const events = server.topic('a.event', 'event', count);
    const quiet = server.topic('a.quiet');
    quiet.publish({ bid: 1, ask: 1 }, { ts: 1 });
    events.publish({ n: 1 }, { ts: 1 });
    const first = await read('topics=a.*');
    await first.next('snapshot', 'a.quiet');
    events.publish({ n: 2 }, { ts: 1 });
    await first.next('data', 'a.event');
    first.cut();
    for (let n = 3; n <= 5; n++) events.publish({ n }, { ts: 1 });

    const second = await read('topics=a.*', first.lastEventId);
    events.publish({ n: 6 }, { ts: 1 });
    const seen = await second.until(({ data }) => data.seq === 6);
    expect(numbersOf(seen)).toEqual([3, 4, 5, 6]);
    const snapshots = seen.filter(({ type }) => type === 'snapshot').map(({ data }) => data);
    expect(snapshots).toMatchObject([
      { topic: 'a.event', seq: 2, recovered: true },
      { topic: 'a.quiet', seq: 1, rows: [], recovered: true },
    ]);
  });

  test('brings the present of what changed meanwhile, and says that it is not all', async () => {
    const topic = server.topic('a.latest');
    const table = server.topic('a.table', 'keyed', count);
    topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
    const first = await read('topics=a.*');
    await first.next('snapshot', 'a.table');
    first.cut();
    for (const bid of [2, 3]) topic.publish({ bid, ask: 1 }, { ts: 1 });
    table.publish({ n: 1 }, { key: 'k', ts: 1 });

    const second = await read('topics=a.*', first.lastEventId);
    const seen = await second.until(({ type, data }) => type === 'snapshot' && data.topic === 'a.table');
    expect(seen.filter(({ type }) => type === 'snapshot').map(({ data }) => data)).toMatchObject([
      { topic: 'a.latest', seq: 3, rows: [{ data: { bid: 3, ask: 1 } }], recovered: false, code: 116 },
      { topic: 'a.table', seq: 1, rows: [{ key: 'k', data: { n: 1 } }], recovered: false, code: 116 },
    ]);
  });

  test('names the gap where history no longer reaches back', async () => {
    await server.stop();
    server = await testServer({}, [], () => ({ maxCount: 3, maxBytes: 1e6, maxAgeMs: 60_000 }));
    const events = server.topic('a.event', 'event', count);
    const first = await read('topics=a.*');
    await first.next('snapshot');
    first.cut();
    for (let n = 1; n <= 10; n++) events.publish({ n }, { ts: 1 });
    const second = await read('topics=a.*', first.lastEventId);
    const seen = await second.until(({ type, data }) => type === 'data' && data.seq === 10);
    expect(seen.find(({ type }) => type === 'snapshot')?.data).toMatchObject({ seq: 0, recovered: false, code: 116 });
    expect(seen.find(({ type }) => type === 'gap')?.data).toMatchObject({ from: 1, to: 7, reason: 'history' });
    expect(numbersOf(seen)).toEqual([8, 9, 10]);
  });

  test('to another life of the server is told for every topic', async () => {
    server.topic('a.event', 'event', count).publish({ n: 1 }, { ts: 1 });
    const first = await read('topics=a.*');
    await first.next('snapshot');
    await server.stop();
    server = await testServer();
    server.topic('a.event', 'event', count).publish({ n: 7 }, { ts: 1 });
    server.topic('a.latest').publish({ bid: 7, ask: 7 }, { ts: 1 });
    const second = await read('topics=a.*', first.lastEventId);
    const seen = await second.until(({ type, data }) => type === 'data' && data.topic === 'a.event');
    const snapshots = [...seen, ...second.taken()].filter(({ type }) => type === 'snapshot').map(({ data }) => data);
    expect(snapshots).toMatchObject([
      { topic: 'a.event', seq: 0, recovered: false, code: 110 },
      { topic: 'a.latest', seq: 1, recovered: false, code: 110, rows: [{ data: { bid: 7 } }] },
    ]);
    expect(numbersOf(seen)).toEqual([7]);
  });

  test('with an id that nobody can read is as good as from another life, for browsers give up when they are refused', async () => {
    server.topic('a.latest').publish({ bid: 1, ask: 1 }, { ts: 1 });
    const reader = await read('topics=a.*', 'garbage ☃'.replace('☃', '?'));
    expect((await reader.next('snapshot')).data).toMatchObject({ seq: 1, recovered: false, code: 110 });
  });

  test('works by the query, too, for readers that can send no header', async () => {
    const events = server.topic('a.event', 'event', count);
    const first = await read('topics=a.*');
    await first.next('snapshot');
    first.cut();
    events.publish({ n: 1 }, { ts: 1 });
    const second = await read(`topics=a.*&lastEventId=${encodeURIComponent(first.lastEventId)}`);
    expect((await second.next('snapshot')).data).toMatchObject({ seq: 0, recovered: true });
    expect((await second.next('data')).data).toMatchObject({ seq: 1 });
  });

  test('an id promises nothing that did not come before it, however the server cuts what it says into pieces', async () => {
    const names = ['a.one', 'a.two'] as const;
    const padded = z.object({ pad: z.string() });
    const topics = names.map((name) => server.topic(name, 'event', padded));
    const reader = await read('topics=a.*');
    await reader.next('snapshot', 'a.two');
    const burst = fc.array(fc.tuple(fc.nat(1), fc.nat(12_000), fc.nat(3)), { minLength: 1, maxLength: 30 });
    let published = 0;
    for (const steps of fc.sample(burst, { numRuns: 40, seed: 3 })) {
      for (const [which, size, pause] of steps) {
        topics[which]?.publish({ pad: 'x'.repeat(size) }, { ts: 1 });
        published++;
        if (pause === 0) await null; // whoever waits for the end of this moment, but not of the turn, goes first
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => reader.log.filter(({ type }) => type === 'data').length === published);
    const tids = new Map(reader.log.filter(({ type }) => type === 'topic').map(({ data }) => [data.tid, data.topic]));
    const came: Record<string, number> = {};
    const promised: Record<string, number> = {};
    for (const { type, data, lastEventId } of reader.log) {
      if (type === 'data') came[data.topic] = data.seq;
      for (const [tid, seq] of readToken(lastEventId)?.seqs ?? []) promised[tids.get(tid) ?? ''] = seq;
      for (const name of names) expect(promised[name] ?? 0).toBeLessThanOrEqual(came[name] ?? 0);
    }
    expect(promised).toEqual(came);
  });

  test('an id does not cover what the rate still holds back', async () => {
    const topic = server.topic('a.latest');
    const events = server.topic('a.event', 'event', count);
    const first = await read('topics=a.*&maxRate=0.5');
    await first.next('snapshot', 'a.event');
    for (const bid of [1, 2]) topic.publish({ bid, ask: 0 }, { ts: 1 }); // the second waits for two seconds
    await first.next('data', 'a.latest');
    topic.publish({ bid: 3, ask: 0 }, { ts: 1 });
    events.publish({ n: 1 }, { ts: 1 });
    const { lastEventId } = await first.next('data', 'a.event');
    first.cut();
    const second = await read('topics=a.*&maxRate=0.5', lastEventId);
    expect((await second.next('snapshot', 'a.latest')).data).toMatchObject({ seq: 3, recovered: false, code: 116 });
    expect((await second.next('snapshot', 'a.event')).data).toMatchObject({ seq: 1, recovered: true });
  });

  test('again and again, at any moment, leaves no hole, and repeats nothing that an id was seen behind', async () => {
    const names = ['a.one', 'a.two'] as const;
    const topics = names.map((name) => server.topic(name, 'event', count));
    const schedule = fc.array(fc.tuple(fc.nat(1), fc.nat(20), fc.boolean()), { minLength: 1, maxLength: 6 });
    const positions: Record<string, number> = {};
    let id = '';
    for (const steps of fc.sample(schedule, { numRuns: 60, seed: 7 })) {
      const reader = await read('topics=a.*', id);
      for (const [which, burst, waits] of steps) {
        for (let n = 0; n <= burst; n++) topics[which]?.publish({ n }, { ts: 1 });
        if (waits) await reader.any();
      }
      reader.cut();
      for (const name of names) {
        const seen = reader.log.filter(({ data }) => data.topic === name);
        const start = seen.find(({ type }) => type === 'snapshot')?.data;
        if (start === undefined) continue;
        expect(start).toMatchObject(id === '' ? {} : { seq: positions[name], recovered: true });
        const seqs = seen.filter(({ type }) => type === 'data').map(({ data }) => data.seq);
        expect(seqs).toEqual(seqs.map((_, i) => start.seq + 1 + i));
        const covered = reader.log.slice(0, reader.covered).filter(({ data }) => data.topic === name);
        positions[name] = covered.findLast(({ data }) => data.seq > 0)?.data.seq ?? positions[name] ?? 0;
      }
      id = reader.lastEventId;
    }
    const reader = await read('topics=a.*', id);
    const last = topics.map((topic) => seqOf(topic.publish({ n: 0 }, { ts: 1 })));
    await reader.until(() =>
      names.every((name, i) => reader.log.some(({ data }) => data.topic === name && data.seq === last[i])),
    );
  });

  test.each(['', '&maxRate=40', '&maxRate=40&delta=1'])(
    'is told that nothing is missed only where the newest value is held%s',
    async (view) => {
      const names = ['a.one', 'a.two'] as const;
      const topics = names.map((name) => server.topic(name));
      const schedule = fc.array(fc.tuple(fc.nat(3), fc.nat(60)), { minLength: 1, maxLength: 3 });
      const held: Record<string, number> = {};
      const outcomes = new Set<boolean>();
      let id = '';
      let bid = 0;
      for (const steps of fc.sample(schedule, { numRuns: 40, seed: 11 })) {
        const reader = await read(`topics=a.*${view}`, id);
        await reader.next('snapshot', 'a.two');
        for (const { type, data } of reader.log.filter(({ type }) => type === 'snapshot')) {
          if (id !== '') outcomes.add(data.recovered);
          if (data.recovered === true) expect([type, held[data.topic]]).toEqual(['snapshot', data.seq]);
        }
        for (const [which, waitMs] of steps) {
          topics[which]?.publish({ bid: ++bid, ask: 0 }, { ts: 1 }); // or nothing
          await new Promise((resolve) => setTimeout(resolve, waitMs)); // for some beats of the rate, or none
        }
        reader.cut();
        for (const { type, data } of reader.log) {
          const brings = type === 'data' || type === 'patch' || (type === 'snapshot' && data.recovered !== true);
          if (brings) held[data.topic] = data.seq;
        }
        id = reader.lastEventId;
        if (steps.length === 2) topics[0]?.publish({ bid: ++bid, ask: 0 }, { ts: 1 });
      }
      expect(outcomes).toEqual(new Set([true, false]));
    },
  );
});

describe('a reader that falls behind', () => {
  const wide = z.object({ n: z.number(), pad: z.string() });
  const pad = 'x'.repeat(16_000);

  test('gets the newest value, an account of the rest, and then everything again', async () => {
    const topic = server.topic('a.latest', 'latest', wide);
    const reader = await read('topics=a.*');
    await reader.next('snapshot');
    reader.response.pause();
    let n = 0;
    await untilSlow(() => topic.publish({ n: ++n, pad }, { ts: 1 }));
    for (let i = 0; i < 50; i++) topic.publish({ n: ++n, pad }, { ts: 1 });
    expect((await get('/connections')).connections).toMatchObject([{ step: 'conflated', ledger: { pending: 50 } }]);
    reader.response.resume();
    await until(() => step() === 'full');
    topic.publish({ n: ++n, pad }, { ts: 1 });

    const seen = await reader.until(({ type, data }) => type === 'data' && data.seq === n);
    const marks = seen.filter(({ type }) => type === 'mark').map(({ data }) => data);
    expect(marks).toMatchObject([{ to: n - 2, count: 49, reason: 'slow' }]);
    expect(accounted(seen, 'a.latest', 0)).toBe(n);
    expect(seen.filter(({ type }) => type === 'rate').map(({ data }) => data.step)).toEqual(['conflated', 'full']);
    expect(await get('/ledger')).toMatchObject({
      ok: true,
      sessions: { ledger: { published: n, conflated: 49, pending: 0 } },
    });
  });

  test('loses nothing of what is being said just when it falls behind', async () => {
    const topics = ['a.one', 'a.two'].map((name) => server.topic(name, 'latest', wide));
    const reader = await read('topics=a.*');
    await reader.next('snapshot', 'a.two');
    reader.response.pause();
    let n = 0;
    while (step() !== 'conflated') {
      for (let i = 0; i < 20 && step() !== 'conflated'; i++) {
        topics[n % 2]?.publish({ n: ++n, pad }, { ts: 1 });
        await null; // in the very moment in which the stream finds out
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    reader.response.resume();
    await until(() => step() === 'full');
    const last = topics.map((topic) => seqOf(topic.publish({ n: 0, pad }, { ts: 1 })));
    await until(() => reader.log.some(({ data }) => data.topic === 'a.two' && data.seq === last[1]));
    expect(['a.one', 'a.two'].map((name) => accounted(reader.log, name, 0))).toEqual(last);
  });

  test('gets every event that history holds, and comes back to where it was cut off', async () => {
    await server.stop();
    server = await testServer({}, [], () => ({ maxCount: 100_000, maxBytes: 1e8, maxAgeMs: 60_000 }));
    const topic = server.topic('a.event', 'event', wide);
    const reader = await read('topics=a.*');
    await reader.next('snapshot');
    reader.response.pause();
    let n = 0;
    await untilSlow(() => topic.publish({ n: ++n, pad }, { ts: 1 }));
    for (let i = 0; i < 100; i++) topic.publish({ n: ++n, pad }, { ts: 1 });
    reader.response.resume();
    const half = n - 50;
    const seen = await reader.until(({ type, data }) => type === 'data' && data.seq >= half);
    reader.cut();
    const told = reader.log.slice(0, reader.covered).findLast(({ type }) => type === 'data')?.data.seq;
    const again = await read('topics=a.*', reader.lastEventId);
    const rest = await again.until(({ type, data }) => type === 'data' && data.seq === n);
    expect(rest.find(({ type }) => type === 'snapshot')?.data).toMatchObject({ seq: told, recovered: true });
    expect(numbersOf(seen)).toEqual(range(1, half));
    expect(numbersOf(rest)).toEqual(range(told + 1, n));
  });

  test('and is cut off before it has caught up is told of what it never got', async () => {
    const names = Array.from({ length: 80 }, (_, i) => `a.t${i}`);
    const topics = names.map((name) => server.topic(name, 'latest', wide));
    const reader = await read('topics=a.*');
    await reader.next('snapshot', names.at(-1));
    reader.response.pause();
    let n = 0;
    await untilSlow(() => {
      for (let i = 0; i < 10; i++) topics[n % 80]?.publish({ n: ++n, pad }, { ts: 1 });
    });
    for (const topic of topics) for (let i = 0; i < 2; i++) topic.publish({ n: ++n, pad }, { ts: 1 });
    reader.response.resume();
    await reader.next('mark');
    await reader.next('data');
    reader.cut();
    const held = new Map<string, number>();
    for (const { type, data } of reader.log) if (type === 'data' || type === 'snapshot') held.set(data.topic, data.seq);

    const again = await read('topics=a.*', reader.lastEventId);
    await again.next('snapshot', names.at(-1));
    const snapshots = again.log.filter(({ type }) => type === 'snapshot').map(({ data }) => data);
    expect(snapshots).toHaveLength(80);
    for (const { topic, seq, recovered } of snapshots)
      if (recovered) expect([topic, held.get(topic)]).toEqual([topic, seq]);
    expect(snapshots.some(({ recovered }) => recovered === false)).toBe(true);
  });

  test('and takes nothing for too long is cut off, and nobody else notices', async () => {
    await server.stop();
    server = await testServer({ evictAfterMs: 300 });
    const topic = server.topic('a.latest', 'latest', wide);
    const [stuck, well] = [await read('topics=a.*'), await read('topics=a.*')];
    stuck.response.pause();
    let n = 0;
    await until(() => {
      if (n > 0 && server.hub.streamCount === 1 && connected() === 1) return true;
      topic.publish({ n: ++n, pad }, { ts: 1 });
      return false;
    });
    const seen = await well.until(({ type, data }) => type === 'data' && data.seq === n);
    expect(numbersOf(seen)).toEqual(range(1, n));
    stuck.cut();
  });
});

test('a reader that takes nothing for long is waited for: the library by itself gives up after ten seconds', {
  timeout: 40_000,
}, async () => {
  const topic = server.topic('a.latest', 'latest', z.object({ pad: z.string() }));
  const reader = await read('topics=a.*');
  await reader.next('snapshot');
  reader.response.pause();
  await untilSlow(() => topic.publish({ pad: 'x'.repeat(16_000) }, { ts: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 13_000)); // nothing happens that could be waited for
  topic.publish({ pad: 'newest' }, { ts: 1 });
  reader.response.resume();
  await reader.until(({ type, data }) => type === 'data' && data.data.pad === 'newest');
});

test('a reader that leaves leaves nothing behind', async () => {
  server.topic('a.b');
  const readers = await Promise.all([read('topics=a.*'), read('topics=a.*&maxRate=1'), read('topics=a.b')]);
  for (const reader of readers) await reader.next('snapshot');
  expect(server.hub.streamCount).toBe(3);
  expect(connected()).toBe(3);
  for (const reader of readers) reader.cut();
  await until(() => server.hub.streamCount === 0 && connected() === 0);
  server.topic('a.b').publish({ bid: 1, ask: 1 }, { ts: 1 });
});

test('silence is broken by comments, which are no events', async () => {
  const reader = await read('topics=a.*');
  await reader.next('subscribed');
  await until(() => reader.comments.length >= 2);
  expect(reader.comments[0]).toBe('hb');
  expect(reader.taken()).toEqual([]);
});

test('a server that stops ends its streams, so that their readers come back', async () => {
  const reader = await read('topics=a.*');
  await server.stop();
  await reader.closed();
  expect(reader.response.complete).toBe(true);
});

test('a topic that falls silent, and one that speaks again, are told', async () => {
  const topic = server.origin.topic('a.b', 'the test', {
    kind: 'latest',
    schema: count,
    checkEvery: 1,
    maxSilenceMs: 50,
  });
  if (!('publish' in topic)) throw new Error('no topic');
  topic.publish({ n: 1 }, { ts: 1 });
  const reader = await read('topics=a.*');
  expect((await reader.next('state')).data).toMatchObject({ topic: 'a.b', state: 'stale' });
  topic.publish({ n: 2 }, { ts: 2 });
  expect((await reader.next('state')).data).toMatchObject({ state: 'live' });
});

describe('is refused', () => {
  test.each([
    ['nothing at all', '', 104, 'topics'],
    ['no topic', 'topics=', 105, 'topics'],
    ['a bad pattern', 'topics=a..b', 105, '"a..b"'],
    ['a rate of nothing', 'topics=a.*&maxRate=0', 104, 'maxRate'],
    ['a rate that is no number', 'topics=a.*&maxRate=NaN', 104, '"NaN"'],
    ['a rate below nothing', 'topics=a.*&maxRate=-1', 104, '-1'],
    ['a rate that no timer keeps', 'topics=a.*&maxRate=1e9', 104, '1000000000'],
    ['no field', 'topics=a.*&fields=', 104, 'fields'],
    ['an unknown field', 'topics=a.*&fields=nope', 119, '"nope"'],
    ['a filter that ends early', 'topics=a.*&filter=bid%20%3E', 118, 'filter'],
    ['a filter on an unknown field', 'topics=a.*&filter=nope%20%3E%201', 119, '"nope"'],
    ['a filter without end', `topics=a.*&filter=${'x'.repeat(1001)}`, 104, 'filter'],
    ['none of the last', 'topics=a.*&last=0', 104, 'last'],
    ['two beginnings', 'topics=a.*&last=1&since=1', 104, 'query'],
    ['a boolean that is none', 'topics=a.*&delta=maybe', 104, '"maybe"'],
    ['a lastEventId that is none', 'topics=a.*&lastEventId=garbage', 104, '"garbage"'],
    ['too many patterns', `topics=${Array.from({ length: 65 }, (_, i) => `t${i}`).join(',')}`, 106, '64'],
  ])('%s', async (_, query, code, words) => {
    server.topic('a.b');
    const response = await fetch(`${server.http}/events?${query}`);
    const body = await response.json();
    expect([response.status, body.error.code]).toEqual([400, code]);
    expect(body.error.message).toContain(words);
    expect([server.hub.streamCount, connected()]).toEqual([0, 0]);
  });

  test('what selects more event topics than an id has room for, unless it comes back', async () => {
    for (let i = 0; i <= 200; i++) server.topic(`many.t${i}`, 'event', count);
    const response = await fetch(`${server.http}/events?topics=many.*`);
    expect([response.status, (await response.json()).error]).toEqual([
      400,
      { code: 106, message: expect.stringContaining('201 event topics') },
    ]);
    const back = await read('topics=many.*', 'another.1');
    expect((await back.next('subscribed')).data.topics).toBe(201);
  });

  test('a page of a site that is not allowed; one that is allowed may read', async () => {
    await server.stop();
    server = await testServer({ allowedOrigins: ['https://app.example.com'] });
    const from = (origin: string) => fetch(`${server.http}/events?topics=a.*`, { headers: { Origin: origin } });
    const foreign = await from('https://evil.example');
    expect(foreign.status).toBe(403);
    const allowed = await from('https://app.example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://app.example.com',
    ]);
    await allowed.body?.cancel();
  });

  test('who comes when the server is full, of sockets and readers alike', async () => {
    await server.stop();
    server = await testServer({ maxConnections: 2 });
    const socket = await TestClient.greeted(server.ws);
    const reader = await read('topics=a.*');
    const third = await fetch(`${server.http}/events?topics=a.*`);
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5']);
    await third.body?.cancel();
    await expect(TestClient.open(server.ws)).rejects.toMatchObject({ status: 503 });
    reader.cut();
    await until(() => connected() === 0);
    (await TestClient.open(server.ws)).close();
    socket.close();
  });
});

/** How far a topic went, by what was said of each publication after `from`; throws for a hole or a repetition. */
function accounted(seen: readonly SeenEvent[], topic: string, from: number): number {
  let at = from;
  for (const { type, data } of seen.filter(({ data }) => data.topic === topic)) {
    if (type === 'snapshot') at = data.seq;
    const first = { data: data.seq, patch: data.seq, remove: data.seq, mark: data.from, gap: data.from }[
      type as 'data'
    ];
    if (first === undefined) continue;
    if (first !== at + 1) throw new Error(`${type} ${first} after ${at}`);
    at = data.to ?? data.seq;
  }
  return at;
}

function numbersOf(seen: readonly SeenEvent[]): number[] {
  return seen.filter(({ type }) => type === 'data').map(({ data }) => data.data.n);
}

function seqOf(outcome: PublishOutcome): number {
  if ('refused' in outcome) throw new Error(outcome.message);
  return outcome.seq;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Of the only reader. */
function step(): string | undefined {
  const [reader] = server.server.events;
  return reader?.pace.step;
}

function connected(): number {
  return [...server.server.events].length;
}

async function get(path: string) {
  return (await fetch(`${server.http}${path}`)).json();
}

/** Looks again after each turn. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Publishes, turn after turn, until the one reader is a laggard. */
async function untilSlow(publish: () => void): Promise<void> {
  await until(() => {
    if (step() === 'conflated') return true;
    publish();
    return false;
  });
}
