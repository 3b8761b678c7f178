import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest';
import WebSocket from 'ws';
import {
  type ConnectOptions,
  connect,
  type Message,
  type Subscription,
  TickwireError,
} from '../../src/client/index.ts';
import { sdkName } from '../../src/client/version.ts';
import type { ServerFrame } from '../../src/protocol/index.ts';
import { type FakeConnection, FakeServer } from '../support/fake-server.ts';
import { ManualTime } from '../support/manual-time.ts';

let server: FakeServer;
const clients: { close(): void }[] = [];

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

test('it says hello, and asks for everything at once in one frame', async () => {
  const client = start({ token: 'secret' });
  client.subscribe('a.*');
  client.subscribe('b.>', { snapshot: false });
  const connection = await server.next();
  expect([connection.path, connection.protocol]).toEqual(['/ws', 'tickwire.v1.msgpack']);
  const hello = await connection.next('hello');
  expect(hello.options).toEqual({ sdk: sdkName, token: 'secret', t0: expect.any(Number) });
  expect((await connection.next('subscribe')).subscriptions).toEqual([
    { sid: 1, pattern: 'a.*' },
    { sid: 2, pattern: 'b.>', snapshot: false },
  ]);
  expect(client.state.name).toBe('connecting');
  connection.welcome(hello.id);
  await reached(client, 'open');
});

test('many subscriptions are asked for in frames that a server takes', async () => {
  const client = start();
  for (let i = 0; i < 600; i++) client.subscribe(`${'long'.repeat(45)}.${i}`);
  const connection = await server.greeted();
  const sizes = [];
  for (let i = 0; i < 3; i++) sizes.push((await connection.next('subscribe')).subscriptions.length);
  expect(sizes).toEqual([256, 256, 88]);
});

test('a callback gets the snapshot, then what is new, as objects', async () => {
  const client = start();
  const heard: Message[] = [];
  const subscription = client.subscribe('m.*.quote', (message) => heard.push(message));
  const connection = await server.greeted();
  await joined(connection, quoteTopic, snapshot(7, [[18723, 18725]]));
  expect(await subscription.ready).toEqual({ topics: 1, maxRate: 0 });
  connection.send({ op: 'data', tid: 5, seq: 8, ts: 2000, values: [18724, 18726] });
  await expect.poll(() => heard.length).toBe(2);
  const common = {
    type: 'value',
    topic: 'm.A.quote',
    kind: 'latest',
    epoch: 'e1',
    schema: { id: 3, fields: quoteFields },
  };
  expect(heard).toEqual([
    { ...common, seq: 7, ts: 1000, isSnapshot: true, data: { bid: 187.23, ask: 187.25 } },
    { ...common, seq: 8, ts: 2000, isSnapshot: false, data: { bid: 187.24, ask: 187.26 } },
  ]);
});

test('a subscription can be read in a loop, and leaving the loop unsubscribes', async () => {
  const client = start();
  const connection = await server.greeted();
  const seqs: number[] = [];
  let accounted = 0;
  const reading = (async () => {
    for await (const { seq, skipped = 0 } of client.subscribe('m.*.quote')) {
      seqs.push(seq);
      accounted += 1 + skipped;
      if (seq === 12) break;
    }
  })();
  const { subscriptions } = await joined(connection, quoteTopic, snapshot(7, [[1, 2]]));
  connection.send(quote(8), quote(9), quote(10), quote(11));
  connection.send(quote(12));
  await reading;
  expect(seqs[0]).toBe(7);
  expect(accounted).toBe(6);
  expect((await connection.next('unsubscribe')).sids).toEqual([subscriptions[0]!.sid]);
});

test('unsubscribing ends the messages at once, and twice is harmless', async () => {
  const client = start();
  const heard: number[] = [];
  const subscription = client.subscribe('m.*.quote', ({ seq }) => {
    heard.push(seq);
    if (seq === 8) subscription.unsubscribe();
  });
  const connection = await server.greeted();
  await joined(connection, quoteTopic, snapshot(7, [[1, 2]]));
  connection.send(quote(8), quote(9));
  await connection.next('unsubscribe');
  subscription.unsubscribe();
  connection.send(quote(10));
  await pinged(client, connection);
  expect(heard).toEqual([7, 8]);
});

test('unsubscribing in the middle of a snapshot ends it there', async () => {
  const client = start();
  const heard: unknown[] = [];
  const subscription = client.subscribe('book.A', ({ key }) => {
    heard.push(key);
    subscription.unsubscribe();
  });
  const connection = await server.greeted();
  await joined(connection, tableTopic, table(4, ['a', 1], ['b', 2]));
  await pinged(client, connection, 'unsubscribe');
  expect(heard).toEqual(['a']);
});

test('one listener may end the subscription of another in the middle of a message', async () => {
  const client = start();
  const heard: string[] = [];
  client.subscribe('m.*.quote', () => {
    heard.push('first');
    second.unsubscribe();
  });
  const second = client.subscribe('m.>', () => heard.push('second'), { snapshot: false });
  const connection = await server.greeted();
  const { id, subscriptions } = await connection.next('subscribe');
  for (const { sid } of subscriptions) connection.send(subscribed(id, sid), ...quoteTopic, snapshot(1, []));
  connection.send(quote(2));
  await pinged(client, connection, 'unsubscribe');
  expect(heard).toEqual(['first']);
});

test('a client that is closed in the middle of a message hears no more of it', async () => {
  const client = start();
  const errors = errorsOf(client);
  const heard: number[] = [];
  client.subscribe('m.*.quote', ({ seq }) => {
    heard.push(seq);
    if (seq === 8) client.close();
  });
  const connection = await server.greeted();
  await joined(connection, quoteTopic, snapshot(7, [[1, 2]]), quote(8), quote(9));
  expect((await connection.closed).code).toBe(1000);
  expect(heard).toEqual([7, 8]);
  expect(errors).toEqual([]);
});

test('what was unsubscribed before it was asked for is never asked for', async () => {
  const client = start();
  const connection = await server.greeted();
  await reached(client, 'open');
  client.subscribe('a.b').unsubscribe();
  client.subscribe('c.d');
  expect((await connection.next('subscribe')).subscriptions).toMatchObject([{ pattern: 'c.d' }]);
});

test('a refused pattern rejects its ready, is reported, ends its loop, and disturbs no other', async () => {
  const client = start();
  const errors = errorsOf(client);
  const refused = client.subscribe('a.*');
  const loop = refused[Symbol.asyncIterator]().next();
  const taken = client.subscribe('b.*', () => {});
  const connection = await server.greeted();
  const { id } = await connection.next('subscribe');
  connection.send(
    { op: 'error', id, code: 106, retryable: true, message: 'only 1024 subscriptions', sid: refused.id },
    { op: 'subscribed', id, sid: taken.id, topics: 0, stream: 0, rate: 0 },
  );
  await expect(refused.ready).rejects.toMatchObject({ reason: 'limit', code: 106, retryable: true, pattern: 'a.*' });
  await expect(loop).rejects.toThrow('only 1024 subscriptions');
  expect(await taken.ready).toEqual({ topics: 0, maxRate: 0 });
  expect(errors.map(({ pattern }) => pattern)).toEqual(['a.*']);
});

test('a pattern that is none, and a url or option that makes no sense, are refused on the spot by name', () => {
  const client = start();
  expect(() => client.subscribe('a..b')).toThrow('pattern "a..b" has an empty segment');
  expect(() => connect('nowhere')).toThrow('"nowhere"');
  expect(() => connect([])).toThrow('[]');
  expect(() => connect(server.url, { minDelayMs: -1 })).toThrow('minDelayMs must be a positive number, got -1');
  for (const maxBytesPerSec of [99, 1000.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => connect(server.url, { maxBytesPerSec })).toThrow('maxBytesPerSec must be a whole number from 100 up');
  }
  expect(() => connect(server.url, { queue: { maxCount: 0 } })).toThrow('queue.maxCount');
  expect(() => connect(server.url, { minDelayMs: 500, maxDelayMs: 100 })).toThrow('minDelayMs 500 is more than');
  expect(() => client.close(1001)).toThrow('1001');
});

test('listeners that throw, at once or later, are reported and disturb nobody', async () => {
  const client = start();
  const errors = errorsOf(client);
  const heard: number[] = [];
  client.subscribe('m.>', () => {
    throw new Error('first');
  });
  client.subscribe('m.>', async () => {
    throw new Error('second');
  });
  client.subscribe('m.>', ({ seq }) => heard.push(seq));
  client.on('topic', () => {
    throw new Error('third');
  });
  const connection = await server.greeted();
  const { id, subscriptions } = await connection.next('subscribe');
  for (const { sid } of subscriptions) connection.send(subscribed(id, sid), ...quoteTopic, snapshot(1, []));
  connection.send(quote(2));
  await expect.poll(() => errors.length).toBe(3);
  expect(heard).toEqual([2]);
  expect(errors.map(({ reason }) => reason)).toEqual(Array(3).fill('listenerFailed'));
  expect(errors.map(({ cause }) => String(cause)).sort()).toEqual(['Error: first', 'Error: second', 'Error: third']);
});

test('an error that nobody listens for is written to the console', async () => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => {});
  start();
  const connection = await server.greeted();
  connection.send({ op: 'error', id: null, code: 104, retryable: false, message: 'what was that?' });
  await expect.poll(() => written.mock.calls.length).toBe(1);
  expect(written.mock.calls[0]![0]).toMatchObject({
    name: 'TickwireError',
    reason: 'badRequest',
    message: 'what was that?',
  });
  written.mockRestore();
});

test('a publication resolves with its seq; a refusal rejects with code, reason and text', async () => {
  const client = start();
  const connection = await server.greeted();
  const taken = client.publish('chat.1', { text: 'hi' }, { key: 'k' });
  const refused = client.publish('market.x', 1);
  const first = await connection.next('publish');
  const second = await connection.next('publish');
  expect(first).toMatchObject({ topic: 'chat.1', data: { text: 'hi' }, key: 'k' });
  connection.send(
    { op: 'error', id: second.id, code: 103, retryable: false, message: 'topic "market.x" belongs to feed stocks' },
    { op: 'ok', id: first.id, result: { seq: 12 } },
  );
  expect(await taken).toEqual({ seq: 12 });
  await expect(refused).rejects.toBeInstanceOf(TickwireError);
  await expect(refused).rejects.toMatchObject({ code: 103, reason: 'forbidden', retryable: false });
});

test('a publication without a connection waits for one, and goes in its order', async () => {
  const client = start();
  const results = Promise.all([client.publish('a.1', 1), client.publish('a.2', 2)]);
  const connection = await server.greeted();
  for (const topic of ['a.1', 'a.2']) {
    const frame = await connection.next('publish');
    expect(frame.topic).toBe(topic);
    connection.send({ op: 'ok', id: frame.id, result: { seq: frame.data as number } });
  }
  expect(await results).toEqual([{ seq: 1 }, { seq: 2 }]);
});

test('the queue says when it is full and when what it held is too old', async () => {
  const time = new ManualTime();
  const client = start({ time, queue: { maxCount: 2, maxAgeMs: 1000 } }, 'ws://127.0.0.1:1');
  const held = [client.publish('a.1', 1), client.publish('a.2', 2)].map((each) => each.catch((why) => why.reason));
  await expect(client.publish('a.3', 3)).rejects.toMatchObject({ reason: 'queueFull', retryable: true });
  await expect(client.publish('a.3', 3)).rejects.toThrow(/a\.3.*queue\.maxCount 2/);
  time.pass(1000);
  expect(await Promise.all(held)).toEqual(['queueExpired', 'queueExpired']);
});

test('a publication is refused before it leaves when topic, size or data are wrong', async () => {
  const client = start();
  const connection = await server.greeted({ limits: { maxFrameBytes: 100, maxSubscriptions: 1 } });
  await reached(client, 'open');
  await expect(client.publish('a.*', 1)).rejects.toThrow('topic "a.*"');
  await expect(client.publish('a.b', 'x'.repeat(100))).rejects.toThrow(/a\.b: 1\d\d bytes, the server takes 100/);
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (const data of [cyclic, JSON.parse('{"__proto__": 1}'), Array(5000).fill(0)]) {
    await expect(client.publish('a.b', data)).rejects.toMatchObject({
      reason: 'badRequest',
      message: expect.stringMatching(/^a\.b: the data can't be sent: ./),
    });
  }
  expect(connection.unread).toEqual([]);
});

test('a publication without an answer is told so in time, and a late answer is passed over', async () => {
  const time = new ManualTime();
  const client = start({ time });
  const connection = await server.greeted();
  await reached(client, 'open');
  const late = client.publish('a.b', 1, { timeoutMs: 50 });
  const { id } = await connection.next('publish');
  time.pass(50);
  await expect(late).rejects.toMatchObject({ reason: 'timeout' });
  connection.send({ op: 'ok', id, result: { seq: 1 } });
  await pinged(client, connection);
});

test('a publication that was not answered when the connection broke is not sent again', async () => {
  const { client, time } = quick();
  const connection = await server.greeted();
  await reached(client, 'open');
  const lost = client.publish('a.b', 1);
  await connection.next('publish');
  connection.cut();
  await expect(lost).rejects.toMatchObject({ reason: 'connectionLost', retryable: true });
  const again = await reconnected(client, time);
  await pinged(client, again);
});

test('after a cut it comes back, asks again, and delivers only what is new', async () => {
  const { client, time } = quick();
  const heard: string[] = [];
  client.subscribe('m.*.quote', ({ seq, isSnapshot }) => heard.push(isSnapshot ? `[${seq}]` : `${seq}`));
  const connection = await server.greeted();
  await joined(connection, quoteTopic, snapshot(7, [[1, 2]]), quote(8));
  await expect.poll(() => heard.length).toBe(2);
  connection.cut();
  const second = await reconnected(client, time);
  await joined(second, quoteTopic, snapshot(8, [[1, 2]]), quote(9));
  await pinged(client, second);
  second.cut();
  const third = await reconnected(client, time);
  await joined(third, otherTid(quoteTopic), { ...snapshot(11, [[1, 2]]), tid: 77 }, { ...quote(12), tid: 77 });
  await pinged(client, third);
  third.cut();
  const fourth = await reconnected(client, time);
  await joined(fourth, otherEpoch(quoteTopic), snapshot(2, [[1, 2]]), quote(3));
  await pinged(client, fourth);
  expect(heard).toEqual(['[7]', '8', '9', '[11]', '12', '[2]', '3']);
});

test('rows that vanished meanwhile are removed, whether the table is another or there is none', async () => {
  const { client, time } = quick();
  const rows = new Map<string, unknown>();
  const removed: string[] = [];
  client.subscribe('book.*', (message) => {
    if (message.type === 'remove') {
      rows.delete(message.key);
      removed.push(message.key);
    }
    if (message.type === 'value') rows.set(message.key!, message.data);
  });
  const first = await server.greeted();
  const parts = [
    { ...table(4, ['a', 1], ['b', 2]), last: false },
    { ...table(4, ['c', 3]), last: true },
  ];
  await joined(first, tableTopic, ...parts, { op: 'data', tid: 6, seq: 5, ts: 0, values: [4], key: 'd' });
  await pinged(client, first);
  expect([...rows.keys()]).toEqual(['a', 'b', 'c', 'd']);
  first.send({ op: 'remove', tid: 6, seq: 6, ts: 0, key: 'd' });
  await pinged(client, first);
  first.cut();
  const second = await reconnected(client, time);
  await joined(second, tableTopic, table(9, ['b', 2], ['e', 5]));
  await pinged(client, second);
  expect([...rows.keys()].sort()).toEqual(['b', 'e']);
  second.cut();
  const third = await reconnected(client, time);
  await joined(third, otherEpoch(tableTopic), table(0));
  await pinged(client, third);
  expect([...rows.keys()]).toEqual([]);
  third.send({ op: 'data', tid: 6, seq: 1, ts: 0, values: [4], key: 'd' });
  await pinged(client, third);
  third.cut();
  const fourth = await reconnected(client, time);
  const { id, subscriptions } = await fourth.next('subscribe');
  fourth.send({ op: 'subscribed', id, sid: subscriptions[0]!.sid, topics: 0, stream: 0, rate: 0 });
  await pinged(client, fourth);
  expect([...rows.keys()]).toEqual([]);
  expect(removed).toEqual(['d', 'a', 'c', 'b', 'e', 'd']);
});

test('events that were missed are announced, with their numbers', async () => {
  const { client, time } = quick();
  const gaps: unknown[] = [];
  client.on('gap', (gap) => gaps.push(gap));
  client.subscribe('trades', () => {});
  const first = await server.greeted();
  await joined(first, eventTopic, event(4), { op: 'data', tid: 8, seq: 5, ts: 0, values: [1] });
  await pinged(client, first);
  first.cut();
  const second = await reconnected(client, time);
  await joined(second, eventTopic, event(9));
  await pinged(client, second);
  second.cut();
  const third = await reconnected(client, time);
  await joined(third, otherEpoch(eventTopic), event(2));
  await pinged(client, third);
  const common = { topic: 'trades', pattern: 'trades' };
  expect(gaps).toEqual([
    { ...common, epoch: 'e1', fromSeq: 6, toSeq: 9, isNewEpoch: false },
    { ...common, epoch: 'e2', fromSeq: 1, toSeq: 2, isNewEpoch: true },
  ]);
});

test('it speaks when it has been silent, and leaves a server that is; any traffic counts, both ways', async () => {
  const { client, time } = quick();
  const connection = await server.greeted({ heartbeatMs: 100, timeoutMs: 250 });
  await reached(client, 'open');
  for (const silenceMs of [60, 99]) {
    time.pass(silenceMs);
    const published = client.publish('a.b', 1);
    const { id } = await connection.next('publish');
    connection.send({ op: 'ok', id, result: { seq: 1 } });
    await published;
  }
  time.pass(100);
  await connection.next('ping');
  time.pass(149);
  expect(client.state.name).toBe('open');
  time.pass(1);
  expect(client.state).toMatchObject({ name: 'waiting', code: 3008, reason: expect.stringContaining('250 ms') });
  await reconnected(client, time);
});

test('a ping tells the way there and back and the offset; without a connection it is refused', async () => {
  const client = start();
  await expect(client.ping()).rejects.toMatchObject({ reason: 'notConnected' });
  const connection = await server.greeted();
  await reached(client, 'open');
  const reading = client.ping();
  const { t0 } = await connection.next('ping');
  connection.send({ op: 'pong', t0, t1: t0 + 60_000_000, t2: t0 + 60_000_000 });
  const { rttMs, offsetMs } = await reading;
  expect(rttMs).toBeGreaterThanOrEqual(0);
  expect(offsetMs).toBeGreaterThan(59_000);
  expect(offsetMs).toBeLessThanOrEqual(60_001);
  const unanswered = client.ping();
  await connection.next('ping');
  connection.cut();
  await expect(unanswered).rejects.toMatchObject({ reason: 'connectionLost' });
});

test('a token is asked for afresh at each connection, and one that cannot be had is tried again', async () => {
  const tokens = [async () => 'one', () => Promise.reject(new Error('login server down')), () => 'two'];
  const { client, time } = quick({ token: () => tokens.shift()!() });
  const errors = errorsOf(client);
  const first = await server.next();
  expect((await first.next('hello')).options.token).toBe('one');
  first.cut();
  await waitedOut(client, time);
  const second = await server.next();
  expect(await second.closed).toMatchObject({ code: 3000 });
  expect(errors).toMatchObject([{ reason: 'unauthorized', message: expect.stringContaining('login server down') }]);
  await waitedOut(client, time);
  expect((await (await server.next()).next('hello')).options.token).toBe('two');
});

test('a hello that is refused for good ends it', async () => {
  const client = start();
  errorsOf(client);
  const end = new Promise((resolve) => client.on('givenUp', resolve));
  const connection = await server.next();
  const { id } = await connection.next('hello');
  connection.send({ op: 'error', id, code: 101, retryable: false, message: 'token expired' });
  expect(await end).toEqual({ code: 101, reason: 'token expired' });
});

test.each([
  ['text', (connection: FakeConnection) => connection.sendRaw('hello')],
  ['bytes that are no frames', (connection: FakeConnection) => connection.sendRaw(Uint8Array.of(0x93, 0x48))],
  ['an id that was not announced', (connection: FakeConnection) => connection.send(quote(1))],
])('%s from the server are reported, and it begins anew', async (_, disturb) => {
  const { client, time } = quick();
  const errors = errorsOf(client);
  const connection = await server.greeted();
  await reached(client, 'open');
  disturb(connection);
  await reached(client, 'waiting');
  expect(errors).toMatchObject([{ reason: 'unreadable' }]);
  expect((await connection.closed).code).toBe(4502);
  await reconnected(client, time);
});

test('frames of a number that it does not know are passed over', async () => {
  const client = start();
  const errors = errorsOf(client);
  const connection = await server.greeted();
  await reached(client, 'open');
  connection.sendRaw(Uint8Array.of(0x92, 0x4a + 0x20, 0x01));
  await pinged(client, connection);
  expect(errors).toEqual([]);
});

test('given up, subscriptions and publications fail with the reason, and nothing can be asked for', async () => {
  const client = start();
  const subscription = client.subscribe('a.b');
  const reading = subscription[Symbol.asyncIterator]().next();
  const connection = await server.greeted();
  const unanswered = client.publish('a.b', 1);
  await connection.next('subscribe');
  await connection.next('publish');
  const end = new Promise((resolve) => client.on('givenUp', resolve));
  connection.close(4503, 'too many errors');
  await expect(unanswered).rejects.toThrow(/connection was lost/);
  await expect(subscription.ready).rejects.toMatchObject({
    reason: 'givenUp',
    message: expect.stringContaining('4503'),
  });
  await expect(reading).rejects.toThrow('too many errors');
  expect(await end).toEqual({ code: 4503, reason: 'too many errors' });
  expect(() => client.subscribe('a.b')).toThrow('too many errors');
  await expect(client.publish('a.b', 1)).rejects.toMatchObject({ reason: 'closed' });
});

test('closed, loops end, what waited is rejected, and closing again is harmless', async () => {
  const client = start();
  const reading = client.subscribe('a.b')[Symbol.asyncIterator]().next();
  const held = client.publish('a.b', 1);
  client.close();
  client.close();
  expect(await reading).toEqual({ done: true, value: undefined });
  await expect(held).rejects.toMatchObject({ reason: 'closed' });
  expect(client.state).toEqual({ name: 'closed', code: 1000, reason: '' });
});

test('a state listener may close the client at any step', async () => {
  for (const name of ['connecting', 'open', 'waiting'] as const) {
    const client = start();
    client.on('state', (state) => state.name === name && client.close());
    if (name !== 'connecting') {
      const connection = await server.greeted();
      if (name === 'waiting') connection.cut();
    }
    await reached(client, 'closed');
  }
});

test('payloads are typed by the map of feeds, or by the caller', () => {
  type Quote = { bid: number; ask: number };
  interface Feeds {
    'market.sim.*.quote': Quote;
  }
  const client = start() as ReturnType<typeof connect<Feeds>>;
  expectTypeOf(client.subscribe('market.sim.*.quote')).toEqualTypeOf<Subscription<Quote>>();
  expectTypeOf(client.subscribe('other.>')).toEqualTypeOf<Subscription<unknown>>();
  expectTypeOf(client.subscribe<number>('other.>')).toEqualTypeOf<Subscription<number>>();
  client.subscribe('market.sim.*.quote', (message) => {
    if (message.type === 'value') expectTypeOf(message.data).toEqualTypeOf<Quote>();
    else expectTypeOf(message.key).toEqualTypeOf<string>();
  });
});

const quoteFields = [
  { name: 'bid', type: 'decimal', scale: 2 },
  { name: 'ask', type: 'decimal', scale: 2 },
] as const;
const numberField = [{ name: '', type: 'int' }] as const;

type Introduction = readonly [ServerFrame & { op: 'schema' }, ServerFrame & { op: 'topic' }];
const quoteTopic: Introduction = [
  { op: 'schema', schema: 3, fields: quoteFields },
  { op: 'topic', tid: 5, name: 'm.A.quote', epoch: 'e1', schema: 3, kind: 'latest' },
];
const tableTopic: Introduction = [
  { op: 'schema', schema: 4, fields: numberField },
  { op: 'topic', tid: 6, name: 'book.A', epoch: 'e1', schema: 4, kind: 'keyed' },
];
const eventTopic: Introduction = [
  { op: 'schema', schema: 4, fields: numberField },
  { op: 'topic', tid: 8, name: 'trades', epoch: 'e1', schema: 4, kind: 'event' },
];

const otherEpoch = ([schema, topic]: Introduction): Introduction => [schema, { ...topic, epoch: 'e2' }];
const otherTid = ([schema, topic]: Introduction): Introduction => [schema, { ...topic, tid: 77 }];
const subscribed = (id: number, sid: number): ServerFrame => ({
  op: 'subscribed',
  id,
  sid,
  topics: 1,
  stream: 0,
  rate: 0,
});
const quote = (seq: number) => ({ op: 'data', tid: 5, seq, ts: 2000, values: [1, 2] }) as const;
const event = (seq: number): ServerFrame => ({ op: 'snapshot', tid: 8, seq, ts: 0, last: true, rows: [] });

function snapshot(seq: number, rows: readonly (readonly [number, number])[]) {
  return { op: 'snapshot', tid: 5, seq, ts: 1000, last: true, rows: rows.map((row) => [row] as const) } as const;
}

function table(seq: number, ...rows: readonly (readonly [key: string, value: number])[]) {
  const wireRows = rows.map(([key, value]) => [[value], key] as const);
  return { op: 'snapshot', tid: 6, seq, ts: 0, last: true, rows: wireRows } as const;
}

/** Answers the one subscription asked for, with one topic and what follows. */
async function joined(connection: FakeConnection, introduction: Introduction, ...frames: ServerFrame[]) {
  const request = await connection.next('subscribe');
  connection.send(subscribed(request.id, request.subscriptions[0]!.sid), ...introduction, ...frames);
  return request;
}

function start(options: ConnectOptions = {}, url = server.url) {
  const client = connect(url, { WebSocket, ...options });
  clients.push(client);
  return client;
}

/** A client whose waits pass when the test says so. */
function quick(options: ConnectOptions = {}) {
  const time = new ManualTime();
  return { client: start({ time, ...options }), time };
}

/** The wait between two tries passes, and not a moment more. */
async function waitedOut(client: ReturnType<typeof start>, time: ManualTime): Promise<void> {
  await reached(client, 'waiting');
  if (client.state.name === 'waiting') time.pass(Math.ceil(client.state.until - time.now()));
}

async function reconnected(client: ReturnType<typeof start>, time: ManualTime): Promise<FakeConnection> {
  await waitedOut(client, time);
  const connection = await server.greeted();
  await reached(client, 'open');
  return connection;
}

function reached(client: ReturnType<typeof start>, name: string): Promise<void> {
  return new Promise((resolve) => {
    if (client.state.name === name) return resolve();
    const undo = client.on('state', (state) => {
      if (state.name !== name) return;
      undo();
      resolve();
    });
  });
}

/** Everything sent before has been heard: answers come in order. */
async function pinged(
  client: ReturnType<typeof start>,
  connection: FakeConnection,
  ...before: ('unsubscribe' | 'publish')[]
): Promise<void> {
  await reached(client, 'open');
  for (const op of before) await connection.next(op);
  const ping = client.ping();
  const { t0 } = await connection.next('ping');
  connection.send({ op: 'pong', t0, t1: t0, t2: t0 });
  await ping;
}

function errorsOf(client: ReturnType<typeof start>): TickwireError[] {
  const errors: TickwireError[] = [];
  client.on('error', (error) => errors.push(error));
  return errors;
}
