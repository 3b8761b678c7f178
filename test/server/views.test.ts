import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { imbalance } from '../../src/bus/index.ts';
import {
  type ClientFrame,
  encodeClientFrame,
  type FrameOf,
  type ServerFrame,
  stateChecksum,
} from '../../src/protocol/index.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

type Wish = FrameOf<ClientFrame, 'subscribe'>['subscriptions'][number];

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});
afterEach(() => server.stop());

test('a view shows its own fields under its own schema, and the same topic may be watched both ways', async () => {
  const topic = server.topic('a.b');
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  const client = await subscribed({ sid: 1, pattern: 'a.*' }, { sid: 2, pattern: 'a.*', fields: ['ask'] });
  const plain = await client.next('topic');
  expect(plain.stream).toBeUndefined();
  const { stream } = await client.next('subscribed');
  expect(stream).toBeGreaterThan(0);
  expect((await client.next('schema')).fields.map(({ name }) => name)).toEqual(['ask']);
  const own = await client.next('topic');
  expect(own).toMatchObject({ name: 'a.b', stream });
  expect(own.tid).toBeLessThan(0);
  expect(await client.next('snapshot')).toMatchObject({ tid: own.tid, seq: 1, rows: [[[2]]] });

  topic.publish({ bid: 3, ask: 4 }, { ts: 2 });
  const both = [await client.next('data'), await client.next('data')].sort((a, b) => a.tid - b.tid);
  expect(both).toMatchObject([
    { tid: own.tid, seq: 2, values: [4] },
    { tid: plain.tid, seq: 2, values: [3, 4] },
  ]);
});

test('a filter lets through what matches and accounts for the rest', async () => {
  const topic = server.topic('a.b');
  const client = await subscribed({ sid: 1, pattern: 'a.*', filter: 'bid > 5' });
  await client.next('snapshot');
  for (const bid of [1, 9, 2, 3, 8]) topic.publish({ bid, ask: 0 }, { ts: 1 });
  expect(await client.any()).toMatchObject({ op: 'mark', from: 1, to: 1, count: 1, reason: 'filter' });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 2 });
  expect(await client.any()).toMatchObject({ op: 'mark', from: 3, to: 4, count: 2, reason: 'filter' });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 5 });
});

test('a filter tells within a second that the topic goes on though nothing matches', async () => {
  const topic = server.topic('a.b');
  const client = await subscribed({ sid: 1, pattern: 'a.*', filter: 'bid > 5' });
  await client.next('snapshot');
  topic.publish({ bid: 1, ask: 0 }, { ts: 1 });
  expect(await client.any()).toMatchObject({ op: 'mark', from: 1, to: 1, reason: 'filter' });
});

test('a rate lets the newest through, and accounts for the rest', async () => {
  const topic = server.topic('a.b');
  const client = await subscribed({ sid: 1, pattern: 'a.*', maxRate: 20 });
  await client.next('snapshot');
  topic.publish({ bid: 0, ask: 0 }, { ts: 1 });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 1 });
  for (let bid = 1; bid <= 10; bid++) topic.publish({ bid, ask: 0 }, { ts: 1 });
  expect(await client.any()).toMatchObject({ op: 'mark', from: 2, to: 10, count: 9, reason: 'rate' });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 11, values: [10, 0] });
});

test('deltas carry what changed against the frame before', async () => {
  const topic = server.topic('a.b', 'latest', z.object({ name: z.string(), a: z.number(), b: z.number() }));
  topic.publish({ name: 'a name of some length', a: 1, b: 1.5 }, { ts: 1 });
  const client = await subscribed({ sid: 1, pattern: 'a.*', delta: true });
  await client.next('snapshot');
  topic.publish({ name: 'a name of some length', a: 2, b: 1.5 }, { ts: 2 });
  expect(await client.any()).toMatchObject({ op: 'patch', seq: 2, base: 1, changes: [1, 2] });
  topic.publish({ name: 'b', a: 3, b: 4.5 }, { ts: 3 });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 3, values: ['b', 3, 4.5] });
});

describe('CHANGE', () => {
  test('of the rate goes on where it was, and says what is in force', async () => {
    const topic = server.topic('a.b');
    topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    await client.next('snapshot');
    client.send({ op: 'change', id: 5, sid: 1, change: { maxRate: 10 } });
    expect(await client.next('subscribed')).toMatchObject({ id: 5, sid: 1, topics: 1, rate: 10 });
    const { tid } = await client.next('topic');
    expect(await client.next('snapshot')).toMatchObject({ tid, seq: 1, rows: [] });
    topic.publish({ bid: 2, ask: 2 }, { ts: 1 });
    expect(await client.any()).toMatchObject({ op: 'data', tid, seq: 2 });
  });

  test('of the fields tells the state anew', async () => {
    const topic = server.topic('a.b');
    topic.publish({ bid: 1, ask: 7 }, { ts: 1 });
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    await client.next('snapshot');
    client.send({ op: 'change', id: 5, sid: 1, change: { fields: ['ask'] } });
    expect(await client.next('snapshot')).toMatchObject({ seq: 1, rows: [[[7]]] });
  });

  test('pauses, and on resuming tells the newest value and what was skipped', async () => {
    const topic = server.topic('a.b');
    const event = server.topic('a.e', 'event');
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    const { tid } = await client.next('topic');
    await client.next('snapshot');
    await client.next('snapshot');
    client.send({ op: 'change', id: 5, sid: 1, change: { paused: true } });
    expect(await client.any()).toMatchObject({ op: 'subscribed', id: 5, topics: 0 });
    for (let bid = 1; bid <= 3; bid++) {
      topic.publish({ bid, ask: 0 }, { ts: 1 });
      event.publish({ bid, ask: 0 }, { ts: 1 });
    }
    client.send({ op: 'change', id: 6, sid: 1, change: { paused: false } });
    expect(await client.any()).toMatchObject({ op: 'subscribed', id: 6, topics: 0 });
    expect(await client.any()).toMatchObject({ op: 'mark', tid, from: 1, to: 2, count: 2, reason: 'paused' });
    expect(await client.any()).toMatchObject({ op: 'data', tid, seq: 3 });
    for (let seq = 1; seq <= 3; seq++) expect(await client.any()).toMatchObject({ op: 'data', seq, values: [seq, 0] });
    const [session] = server.server.sessions;
    expect(session!.ledger()).toEqual({ published: 6, delivered: 4, conflated: 2, filtered: 0, missed: 0, pending: 0 });
  });

  test('before a slow reader has begun keeps where it wants to begin', async () => {
    const event = server.topic('a.e', 'event');
    for (let bid = 1; bid <= 3; bid++) event.publish({ bid, ask: 0 }, { ts: 1 });
    const client = await TestClient.greeted(server.ws);
    const [session] = server.server.sessions;
    session!.pace.fall(performance.now(), 'the test');
    client.send({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern: 'a.*', since: { last: 2 } }] });
    client.send({ op: 'change', id: 3, sid: 1, change: { fields: ['bid'] } });
    expect(await client.next('snapshot')).toMatchObject({ seq: 1 });
    expect(await client.next('data')).toMatchObject({ seq: 2, values: [2] });
  });

  test('to deltas tells the state that they change', async () => {
    server.topic('a.b').publish({ bid: 1, ask: 7 }, { ts: 1 });
    const client = await subscribed({ sid: 1, pattern: 'a.*', snapshot: false });
    await client.next('snapshot');
    client.send({ op: 'change', id: 5, sid: 1, change: { delta: true } });
    expect(await client.next('snapshot')).toMatchObject({ seq: 1, rows: [[[1, 7]]] });
  });

  test('of somebody else’s subscription, or to what makes no sense, changes nothing', async () => {
    const topic = server.topic('a.b');
    topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    await client.next('snapshot');
    client.send({ op: 'change', id: 5, sid: 2, change: { maxRate: 10 } });
    expect(await client.any()).toMatchObject({ op: 'error', id: 5, code: 104 });
    client.send({ op: 'change', id: 6, sid: 1, change: { filter: 'nonsense > 1' } });
    expect(await client.any()).toMatchObject({ op: 'error', id: 6, code: 119 });
    client.send({ op: 'change', id: 7, sid: 1, change: { filter: 'bid >' } });
    expect(await client.any()).toMatchObject({ op: 'error', id: 7, code: 118 });
    topic.publish({ bid: 2, ask: 2 }, { ts: 1 });
    expect(await client.any()).toMatchObject({ op: 'data', tid: 1, seq: 2 });
  });

  test('of a rate many times over loses nothing and counts everything', async () => {
    const topic = server.topic('a.b');
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    const [session] = server.server.sessions;
    for (let i = 0; i < 50; i++) {
      topic.publish({ bid: i, ask: 0 }, { ts: 1 });
      client.send({ op: 'change', id: i, sid: 1, change: i % 2 === 0 ? { maxRate: 5 } : { maxRate: null } });
      await client.next('subscribed');
      expect(imbalance(session!.ledger())).toBe(0);
    }
    expect(server.hub.streamCount).toBe(1);
  });
});

describe('what makes no sense is refused by number, and nothing else happens', () => {
  const cases: [what: string, wish: object, code: number, names: string][] = [
    ['a rate of 0', { maxRate: 0 }, 104, 'subscriptions[0].maxRate'],
    ['a negative rate', { maxRate: -1 }, 104, '-1'],
    ['a rate that is no number', { maxRate: 'fast' }, 104, '"fast"'],
    ['a huge rate', { maxRate: 1e9 }, 104, '1000000000'],
    ['a projection of nothing', { fields: [] }, 104, 'fields'],
    ['a projection on an unknown field', { fields: ['colour'] }, 119, '"colour"'],
    ['a filter on an unknown field', { filter: 'colour == 1' }, 119, '"colour"'],
    ['a filter that is none', { filter: 'bid ><' }, 118, 'column'],
    ['a filter of 1001 characters', { filter: `bid > ${'1'.repeat(995)}` }, 104, 'filter'],
    ['two beginnings', { since: { last: 1, ts: 1 } }, 104, 'since'],
    ['a beginning of -1', { since: { last: -1 } }, 104, 'since'],
  ];
  test.each(cases)('%s', async (_, wish, code, names) => {
    server.topic('a.b').publish({ bid: 1, ask: 1 }, { ts: 1 });
    const client = await TestClient.greeted(server.ws);
    client.send({ op: 'subscribe', id: 3, subscriptions: [{ sid: 1, pattern: 'a.*', ...wish } as Wish] });
    const error = await client.any();
    expect(error).toMatchObject({ op: 'error', id: 3, code });
    expect((error as FrameOf<ServerFrame, 'error'>).message).toContain(names);
    expect(server.hub.streamCount).toBe(0);
  });

  test('a rate that is NaN, as MessagePack can have it', async () => {
    const client = await TestClient.greeted(server.ws);
    const nan = Buffer.from('cb7ff8000000000000', 'hex');
    const frame = encodeClientFrame({ op: 'subscribe', id: 3, subscriptions: [{ sid: 1, pattern: 'a', maxRate: 1 }] });
    client.sendBytes(Buffer.concat([frame.subarray(0, -1), nan]));
    expect(await client.any()).toMatchObject({
      op: 'error',
      id: 3,
      code: 104,
      message: expect.stringContaining('NaN'),
    });
  });

  test('views of more topics than a connection may watch so', async () => {
    await server.stop();
    server = await testServer({ maxViewTopics: 3 });
    for (const name of ['a.b', 'a.c']) server.topic(name);
    const client = await subscribed({ sid: 1, pattern: 'a.*', maxRate: 5 }, { sid: 2, pattern: 'a.*' });
    client.send({ op: 'subscribe', id: 3, subscriptions: [{ sid: 3, pattern: 'a.*', delta: true }] });
    const error = await client.next('error');
    expect(error).toMatchObject({ id: 3, sid: 3, code: 106, message: expect.stringContaining('maxViewTopics') });
    client.send({ op: 'change', id: 4, sid: 2, change: { maxRate: 5 } });
    expect(await client.next('error')).toMatchObject({ id: 4, code: 106 });
    client.send({ op: 'change', id: 5, sid: 1, change: { maxRate: 7 } });
    expect(await client.next('subscribed')).toMatchObject({ id: 5, rate: 7 });
  });

  test('a filter of a million characters', async () => {
    const client = await TestClient.greeted(server.ws);
    const filter = 'x'.repeat(1_000_000);
    client.send({ op: 'subscribe', id: 3, subscriptions: [{ sid: 1, pattern: 'a.*', filter }] });
    expect((await client.closed).code).toBe(1006); // over maxFrameBytes: the transport itself ends it
  });
});

describe('recovery', () => {
  test('brings what was missed of events, once and in order, and says so', async () => {
    const topic = server.topic('a.e', 'event');
    for (let bid = 1; bid <= 5; bid++) topic.publish({ bid, ask: 0 }, { ts: 1 });
    const positions = { 'a.e': [topic.topic.epoch, 2] } as const;
    const client = await subscribed({ sid: 1, pattern: 'a.*', since: { positions } });
    expect(await client.next('snapshot')).toMatchObject({ seq: 2, rows: [], recovered: true });
    for (let seq = 3; seq <= 5; seq++) expect(await client.any()).toMatchObject({ op: 'data', seq });
    topic.publish({ bid: 6, ask: 0 }, { ts: 1 });
    expect(await client.any()).toMatchObject({ op: 'data', seq: 6 });
  });

  test('of another life or from the future is honestly refused, and the present given', async () => {
    const topic = server.topic('a.l');
    topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
    const { epoch } = topic.topic;
    const otherLife = await subscribed({ sid: 1, pattern: 'a.*', since: { positions: { 'a.l': ['other', 1] } } });
    expect(await otherLife.next('snapshot')).toMatchObject({ seq: 1, rows: [[[1, 1]]], recovered: false, code: 110 });
    const future = await subscribed({ sid: 1, pattern: 'a.*', since: { positions: { 'a.l': [epoch, 99] } } });
    expect(await future.next('snapshot')).toMatchObject({ seq: 1, recovered: false, code: 115 });
    const same = await subscribed({ sid: 1, pattern: 'a.*', since: { positions: { 'a.l': [epoch, 1] } } });
    expect(await same.next('snapshot')).toMatchObject({ seq: 1, rows: [], recovered: true });
  });

  test('goes a number of events back where that is asked', async () => {
    const topic = server.topic('a.e', 'event');
    for (let bid = 1; bid <= 5; bid++) topic.publish({ bid, ask: 0 }, { ts: bid });
    const client = await subscribed({ sid: 1, pattern: 'a.*', since: { last: 2 } });
    expect(await client.next('snapshot')).toMatchObject({ seq: 3 });
    expect(await client.any()).toMatchObject({ op: 'data', seq: 4 });
    expect(await client.any()).toMatchObject({ op: 'data', seq: 5 });
    const byTime = await subscribed({ sid: 1, pattern: 'a.*', since: { ts: 4 } });
    expect(await byTime.next('snapshot')).toMatchObject({ seq: 3 });
  });
});

describe('HISTORY', () => {
  test('pages forwards and backwards', async () => {
    const topic = server.topic('a.e', 'event');
    for (let bid = 1; bid <= 5; bid++) topic.publish({ bid, ask: 0 }, { ts: bid });
    const client = await TestClient.greeted(server.ws);
    const page = async (query: FrameOf<ClientFrame, 'history'>['query']) => {
      client.send({ op: 'history', id: 4, topic: 'a.e', query });
      const { result } = await client.next('ok');
      const { items, more } = result as { items: { seq: number }[]; more: boolean };
      return { seqs: items.map(({ seq }) => seq), more };
    };
    expect(await page({ limit: 2 })).toEqual({ seqs: [1, 2], more: true });
    expect(await page({ limit: 3, after: 2 })).toEqual({ seqs: [3, 4, 5], more: false });
    expect(await page({ limit: 2, reverse: true })).toEqual({ seqs: [5, 4], more: true });
    expect(await page({ reverse: true, before: 3 })).toEqual({ seqs: [2, 1], more: false });
    expect(await page({ since: 4 })).toEqual({ seqs: [4, 5], more: false });
  });

  test('of nothing, of another life or of the future is refused by number', async () => {
    const event = server.topic('a.e', 'event');
    event.publish({ bid: 1, ask: 1 }, { ts: 1 });
    server.topic('a.l');
    const client = await TestClient.greeted(server.ws);
    const code = async (topic: string, query: FrameOf<ClientFrame, 'history'>['query']) => {
      client.send({ op: 'history', id: 4, topic, query });
      return (await client.next('error')).code;
    };
    expect(await code('a.none', {})).toBe(102);
    expect(await code('a.l', {})).toBe(117);
    expect(await code('a.e', { epoch: 'other' })).toBe(110);
    expect(await code('a.e', { after: 2 })).toBe(115);
  });
});

describe('VERIFY', () => {
  test('tells the checksum of what this view shows, at the position that the client has reached', async () => {
    const table = server.topic('a.k', 'keyed');
    table.publish({ bid: 1, ask: 2 }, { ts: 1, key: 'x' });
    const client = await subscribed({ sid: 1, pattern: 'a.*', fields: ['ask'], maxRate: 1 });
    const { tid } = await client.next('topic');
    await client.next('snapshot');
    table.publish({ bid: 1, ask: 3 }, { ts: 1, key: 'y' });
    table.publish({ bid: 1, ask: 4 }, { ts: 1, key: 'y' });
    client.send({ op: 'verify', id: 8, sid: 1, topic: 'a.k', want: 'checksum' });
    const seen = [];
    for (;;) {
      const frame = await client.any();
      seen.push(frame.op);
      if (frame.op !== 'checksum') continue;
      const rows = [
        ['x', [2]],
        ['y', [4]],
      ] as const;
      expect(frame).toEqual({ op: 'checksum', id: 8, sid: 1, tid, seq: 3, ...stateChecksum(rows) });
      break;
    }
    expect(seen).toContain('data');
  });

  test('gives the state itself, of that topic alone', async () => {
    const topic = server.topic('a.l');
    topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    await client.next('snapshot');
    client.send({ op: 'verify', id: 8, sid: 1, topic: 'a.l', want: 'snapshot' });
    expect(await client.any()).toMatchObject({ op: 'snapshot', seq: 1, rows: [[[1, 2]]] });
    expect(await client.any()).toMatchObject({ op: 'ok', id: 8 });
    topic.publish({ bid: 2, ask: 2 }, { ts: 1 });
    expect(await client.any()).toMatchObject({ op: 'data', seq: 2 });
  });

  test('of a topic without state, or of none, is refused', async () => {
    server.topic('a.e', 'event');
    const client = await subscribed({ sid: 1, pattern: 'a.*' });
    await client.next('snapshot');
    client.send({ op: 'verify', id: 8, sid: 1, topic: 'a.e', want: 'checksum' });
    expect(await client.any()).toMatchObject({ op: 'error', code: 104 });
    client.send({ op: 'verify', id: 8, sid: 1, topic: 'a.none', want: 'checksum' });
    expect(await client.any()).toMatchObject({ op: 'error', code: 102 });
    client.send({ op: 'verify', id: 8, sid: 7, topic: 'a.e', want: 'checksum' });
    expect(await client.any()).toMatchObject({ op: 'error', code: 104 });
  });
});

test('a topic that falls silent is told stale, also to who comes later, and live again before its next value', async () => {
  const topic = server.origin.topic('a.s', 'the test', {
    kind: 'latest',
    schema: z.object({ bid: z.number() }),
    checkEvery: 1,
    maxSilenceMs: 50,
  });
  if (!('publish' in topic)) throw new Error(topic.message);
  topic.publish({ bid: 1 }, { ts: 1 });
  const client = await subscribed({ sid: 1, pattern: 'a.*' });
  expect(await client.next('topic')).toMatchObject({ maxSilenceMs: 50 });
  expect(await client.next('state')).toMatchObject({ state: 'stale' });
  const late = await subscribed({ sid: 1, pattern: 'a.*', maxRate: 5 });
  expect(await late.next('state')).toMatchObject({ state: 'stale' });
  topic.publish({ bid: 2 }, { ts: 2 });
  for (const each of [client, late]) {
    expect(await each.any()).toMatchObject({ op: 'state', state: 'live' });
    expect(await each.any()).toMatchObject({ op: 'data', seq: 2 });
  }
});

async function subscribed(...subscriptions: Wish[]): Promise<TestClient> {
  const client = await TestClient.greeted(server.ws);
  client.send({ op: 'subscribe', id: 2, subscriptions });
  await client.next('subscribed');
  return client;
}
