import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Client, type ConnectOptions, connect, type Message } from '../../src/client/index.ts';
import { loadConfig } from '../../src/config.ts';
import { startTickwire } from '../../src/main.ts';
import { CuttablePath } from '../support/cuttable-path.ts';
import { testServer } from '../support/test-server.ts';

const started: { stop(): Promise<void> }[] = [];
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(started.splice(0).map((tickwire) => tickwire.stop()));
});

type Ticker = { bid: number; ask: number };

test('quotes arrive as a snapshot and then live, prices as numbers, without naming a WebSocket class', async () => {
  const { url } = await serve({ feeds: 'stocks' });
  const client = open(url);
  const seen = new Map<string, Message<Ticker>[]>();
  const subscription = client.subscribe<Ticker>('market.sim.*.quote', (message) => {
    const messages = seen.get(message.topic) ?? [];
    seen.set(message.topic, [...messages, message]);
  });
  await subscription.ready;
  await expect
    .poll(() => Math.max(0, ...[...seen.values()].map(({ length }) => length)), { timeout: 15_000 })
    .toBeGreaterThan(5);
  for (const messages of seen.values()) {
    const seqs = messages.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
    for (const message of messages) {
      if (message.type !== 'value') throw new Error('a quote was removed');
      expect(message.data.bid).toBeLessThanOrEqual(message.data.ask);
      expect(Number(message.data.bid.toFixed(4))).toBe(message.data.bid);
    }
  }
});

test('overlapping subscriptions each hear each publication exactly once', async () => {
  const { url } = await serve({ feeds: '' }, chat);
  const client = open(url);
  const heard = { all: [] as number[], room: [] as number[], again: [] as number[] };
  client.subscribe('chat.>', ({ seq }) => heard.all.push(seq));
  client.subscribe('chat.room', ({ seq }) => heard.room.push(seq));
  const first = client.subscribe('chat.room', () => {});
  await client.publish('chat.room', 'first');
  const again = client.subscribe('chat.*', ({ seq }) => heard.again.push(seq));
  await again.ready;
  first.unsubscribe();
  for (let i = 0; i < 50; i++) await client.publish('chat.room', `line ${i}`);
  await expect.poll(() => heard.again.length).toBe(50);
  const seqs = Array.from({ length: 51 }, (_, i) => i + 1);
  expect(heard).toEqual({ all: seqs, room: seqs, again: seqs.slice(1) });
});

test('what a client may publish is answered with its seq, what it may not with the reason', async () => {
  const { url } = await serve({ feeds: 'host' }, chat);
  const client = open(url);
  expect(await client.publish('chat.room', { text: 'hello' })).toEqual({ seq: 1 });
  expect(await client.publish('chat.room', { text: 'again' })).toEqual({ seq: 2 });
  await expect(client.publish('elsewhere.x', 1)).rejects.toMatchObject({
    reason: 'forbidden',
    code: 103,
    retryable: false,
  });
  const topic = await new Promise<string>((resolve) => {
    client.on('topic', ({ name }) => resolve(name));
    client.subscribe('host.>', () => {});
  });
  await expect(client.publish(topic, 1)).rejects.toMatchObject({
    reason: 'forbidden',
    message: expect.stringContaining(topic),
  });
  const { rttMs, offsetMs } = await client.ping();
  expect(rttMs).toBeLessThan(5000);
  expect(Math.abs(offsetMs)).toBeLessThan(5000);
  expect(Math.abs(client.serverNow() - Date.now())).toBeLessThan(5000);
});

test('when a server stops, the next one is found, and what is lost is told', async () => {
  const { url, tickwire } = await serve({ feeds: '' }, chat);
  const next = await serve({ feeds: '' }, chat);
  const client = open([url, next.url]);
  const gaps: unknown[] = [];
  const heard: unknown[] = [];
  const states: string[] = [];
  client.on('gap', ({ topic, isNewEpoch }) => gaps.push([topic, isNewEpoch]));
  client.on('state', ({ name }) => states.push(name));
  client.subscribe('chat.>', (message) => heard.push(message.type === 'value' && message.data));
  await client.publish('chat.room', 'before');
  void tickwire.stop();
  await expect.poll(() => client.state).toMatchObject({ name: 'waiting', code: 1012 });
  expect(await client.publish('chat.room', 'while it was away')).toEqual({ seq: 1 });
  await expect.poll(() => heard).toEqual(['before', 'while it was away']);
  expect(gaps).toEqual([['chat.room', true]]);
  expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
});

test('whatever view is asked for, and changed on the way: the mirror is what was published, and the ledger adds up', async () => {
  const server = await testServer();
  started.push(server);
  const quote = z.object({ bid: z.number(), ask: z.number(), venue: z.string() });
  const latest = server.topic('m.A.quote', 'latest', quote);
  const book = server.topic('m.A.book', 'keyed', quote);
  const trades = server.topic('m.A.trade', 'event', quote);
  const client = open(server.ws);
  const problems: unknown[] = [];
  client.on('error', (error) => problems.push(error));
  client.on('gap', (gap) => problems.push(gap));
  const wishes = [
    {},
    { delta: true },
    { maxRate: 50 },
    { fields: ['ask', 'bid'] },
    { filter: 'bid >= 50' },
    { delta: true, filter: 'bid >= 50', fields: ['bid'], maxRate: 100 },
  ];
  const heard = wishes.map(() => [] as number[]);
  const subscriptions = wishes.map((wish, i) =>
    client.subscribe<object>('m.>', ({ kind, seq }) => void (kind === 'event' && heard[i]!.push(seq)), wish),
  );
  await Promise.all(subscriptions.map(({ ready }) => ready));
  const values = fc.sample(fc.tuple(fc.nat(3), fc.nat(99), fc.boolean()), { numRuns: 600, seed: 3 });
  const rows = new Map<string, object>();
  let ts = 0;
  for (const [i, [row, bid, isRemoval]] of values.entries()) {
    const value = { bid, ask: bid + row, venue: 'a venue with a long name' };
    latest.publish(value, { ts: ++ts });
    trades.publish(value, { ts });
    if (isRemoval && rows.delete(`${row}`)) book.remove(`${row}`, ts);
    else if (book.publish(value, { ts, key: `${row}` })) rows.set(`${row}`, value);
    if (i % 25 === 0) await new Promise(setImmediate);
    if (i === 200) await subscriptions[3]!.change({ filter: 'bid < 20', fields: null });
    if (i === 300) await subscriptions[1]!.pause();
    if (i === 400) await subscriptions[1]!.resume();
    if (i === 500)
      expect(await subscriptions[3]!.change({ filter: null, fields: ['bid'], maxRate: 20 })).toEqual({ maxRate: 20 });
  }
  const last = { bid: 60, ask: 61, venue: 'the end' };
  for (const topic of [latest, trades]) topic.publish(last, { ts: ++ts });
  for (const [i, subscription] of subscriptions.entries()) {
    await expect.poll(() => subscription.get('m.A.quote')).toMatchObject({ bid: 60 });
    for (const topic of ['m.A.quote', 'm.A.book']) {
      expect(await subscription.verify(topic)).toMatchObject({ ok: true, repaired: false });
    }
    await expect.poll(() => heard[i]!.at(-1)).toBe(601);
    expect(heard[i]).toEqual([...new Set(heard[i])].sort((a, b) => a - b));
    const { published, delivered, conflated, filtered, missed } = subscription.ledger();
    expect([i, delivered + conflated + filtered, missed]).toEqual([i, published, 0]);
    expect(subscription.ledger('m.A.trade').published).toBe(601);
    expect([subscription.repairs, subscription.state]).toEqual([0, 'live']);
  }
  const everything = [...subscriptions[0]!.rows('m.A.book')].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(everything).toEqual([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(new Map([...subscriptions[1]!.rows('m.A.book')])).toEqual(rows);
  expect(subscriptions[3]!.get('m.A.quote')).toEqual({ bid: 60 });
  expect(problems).toEqual([]);
});

test('what was missed while the network was away comes once and in order, and the server is asked for its past', async () => {
  const server = await testServer();
  const path = await CuttablePath.to(server.port);
  started.push(server, { stop: () => path.cut() });
  const trades = server.topic('m.A.trade', 'event', z.object({ n: z.number() }));
  const quotes = server.topic('m.A.quote', 'latest', z.object({ n: z.number() }));
  const client = open(`ws://127.0.0.1:${path.port}`, { minDelayMs: 1, maxDelayMs: 20 });
  const told: unknown[] = [];
  for (const event of ['gap', 'recovered', 'error', 'epoch'] as const)
    client.on(event, (value) => told.push([event, value]));
  const states: string[] = [];
  client.on('quality', ({ state }) => states.push(state));
  const heard: number[] = [];
  const subscription = client.subscribe<{ n: number }>(
    'm.>',
    ({ kind, seq }) => void (kind === 'event' && heard.push(seq)),
  );
  await subscription.ready;
  const publish = (count: number) => {
    for (let n = 0; n < count; n++) for (const topic of [trades, quotes]) topic.publish({ n }, { ts: n });
  };
  publish(5);
  await expect.poll(() => heard.length).toBe(5);
  await path.cut();
  await expect.poll(() => subscription.state).toBe('recovering');
  publish(20);
  await path.mend();
  await expect.poll(() => heard.length).toBe(25);
  publish(1);
  await expect.poll(() => heard).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
  expect(told).toEqual([['recovered', { pattern: 'm.>', topics: 2, recovered: 1, notRecovered: 1 }]]);
  expect(states).toEqual(['live', 'recovering', 'live']);
  expect(subscription.ledger('m.A.trade')).toMatchObject({ published: 26, delivered: 26 });
  const { published, delivered, conflated } = subscription.ledger('m.A.quote');
  expect([published, delivered + conflated]).toEqual([26, 26]);
  const page = await client.history('m.A.trade', { after: 3, limit: 2 });
  expect(page).toMatchObject({
    topic: 'm.A.trade',
    last: 26,
    more: true,
    items: [{ seq: 4, data: { n: 3 } }, { seq: 5 }],
  });
  const seqs: number[] = [];
  for await (const { items } of client.historyAll('m.A.trade', { limit: 10, reverse: true })) {
    seqs.push(...items.map(({ seq }) => seq));
  }
  expect(seqs).toEqual(Array.from({ length: 26 }, (_, i) => 26 - i));
  await expect(client.history('m.none')).rejects.toMatchObject({ reason: 'unknownTopic', code: 102 });
  await expect(client.history('m.A.trade', { epoch: 'x', after: 1 })).rejects.toMatchObject({ reason: 'otherEpoch' });
  await expect(client.history('m.A.trade', { limit: 0 })).rejects.toThrow('query.limit');
});

test('a filter or a field that makes no sense is refused with a number, and nothing else happens', async () => {
  const server = await testServer();
  started.push(server);
  server.topic('m.A', 'latest', z.object({ bid: z.number() })).publish({ bid: 1 }, { ts: 1 });
  const client = open(server.ws);
  client.on('error', () => {});
  await expect(client.subscribe('m.A', { filter: 'bid >' }).ready).rejects.toMatchObject({ reason: 'badFilter' });
  await expect(client.subscribe('m.A', { fields: ['none'] }).ready).rejects.toMatchObject({ reason: 'unknownField' });
  const subscription = client.subscribe('m.A', () => {});
  await subscription.ready;
  await expect(subscription.change({ filter: 'none > 1' })).rejects.toMatchObject({ code: 119, pattern: 'm.A' });
  expect([subscription.get('m.A'), subscription.state]).toEqual([{ bid: 1 }, 'live']);
});

const chat = { open: [{ pattern: 'chat.>', kind: 'event' }] };

async function serve(flags: Record<string, string>, file: object = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'tickwire-client-'));
  await writeFile(join(cwd, 'tickwire.config.json'), JSON.stringify(file));
  const config = await loadConfig({ cwd, env: {}, flags: { port: '0', logLevel: 'silent', ...flags } });
  const tickwire = await startTickwire(config);
  started.push(tickwire);
  return { tickwire, url: tickwire.url };
}

function open(url: string | string[], options: ConnectOptions = {}): Client {
  const client = connect(url, options);
  clients.push(client);
  return client;
}
