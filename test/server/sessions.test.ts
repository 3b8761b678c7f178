import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { closeCodes } from '../../src/protocol/index.ts';
import { Refused, TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await testServer({ heartbeatMs: 1000, helloTimeoutMs: 500 }, [
    { pattern: 'lab.>', kind: 'latest', schema: z.object({ v: z.number() }) },
    { pattern: 'wall.*', kind: 'event' },
  ]);
});
afterEach(() => server.stop());

test('HELLO is answered with the terms of the session and the clock', async () => {
  const client = await TestClient.open(server.ws);
  client.send({ op: 'hello', id: 7, options: { t0: 123 } });
  const { id, info } = await client.next('welcome');
  expect(id).toBe(7);
  expect(info).toMatchObject({ heartbeatMs: 1000, timeoutMs: 25_000, server: 'tickwire/test', clock: { t0: 123 } });
  expect(info.clock.t2).toBeGreaterThanOrEqual(info.clock.t1);
});

test('a subscriber gets one answer a pattern, then schema, name, position, and every publication after it', async () => {
  const topic = server.topic('market.a');
  topic.publish({ bid: 1, ask: 2 }, { ts: 5 });
  const client = await TestClient.greeted(server.ws);
  client.subscribe('market.*', 'nothing.yet');
  expect(await client.any()).toEqual({ op: 'subscribed', id: 9, sid: 0, topics: 1, stream: 0, rate: 0 });
  const schema = await client.next('schema');
  expect(schema.fields.map(({ name }) => name)).toEqual(['bid', 'ask']);
  const named = await client.next('topic');
  expect(named).toMatchObject({ name: 'market.a', kind: 'latest', schema: schema.schema });
  expect(await client.any()).toEqual({ op: 'snapshot', tid: named.tid, seq: 1, ts: 5, last: true, rows: [[[1, 2]]] });
  expect(await client.any()).toEqual({ op: 'subscribed', id: 9, sid: 1, topics: 0, stream: 0, rate: 0 });
  topic.publish({ bid: 3, ask: 4 }, { ts: 6 });
  expect(await client.any()).toEqual({ op: 'data', tid: named.tid, seq: 2, ts: 6, values: [3, 4] });
});

test('a topic born after the subscription is announced and followed', async () => {
  const client = await TestClient.greeted(server.ws);
  client.subscribe('later.>');
  await client.next('subscribed');
  server.topic('later.a.b').publish({ bid: 1, ask: 2 }, { ts: 1 });
  expect((await client.next('topic')).name).toBe('later.a.b');
  expect(await client.next('data')).toMatchObject({ seq: 1, values: [1, 2] });
});

test('each bad pattern is refused by name, and the good ones beside it work', async () => {
  server.topic('good');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a..b', 'good', 'x'.repeat(201), '>.a');
  expect(await client.next('error')).toMatchObject({
    id: 9,
    sid: 0,
    code: 105,
    message: expect.stringContaining('"a..b"'),
  });
  expect(await client.next('subscribed')).toMatchObject({ sid: 1, topics: 1 });
  expect(await client.next('error')).toMatchObject({
    sid: 2,
    code: 105,
    message: expect.stringContaining('200 bytes'),
  });
  expect(await client.next('error')).toMatchObject({ sid: 3, code: 105 });
  client.send({ op: 'subscribe', id: 10, subscriptions: [{ sid: 1, pattern: 'other' }] });
  expect(await client.next('error')).toMatchObject({ id: 10, sid: 1, code: 113 });
});

test('after UNSUBSCRIBE nothing more comes, and an unknown sid is named', async () => {
  const topic = server.topic('a');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a');
  await client.next('snapshot');
  client.send({ op: 'unsubscribe', id: 3, sids: [0, 5] });
  expect(await client.next('unsubscribed')).toEqual({ op: 'unsubscribed', id: 3, sid: 0 });
  expect(await client.next('error')).toMatchObject({ id: 3, sid: 5, message: expect.stringContaining('5') });
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  client.send({ op: 'ping', t0: 1 });
  expect((await client.any()).op).toBe('pong');
  expect(server.hub.streamCount).toBe(0);
});

test('two subscriptions to one stream share it, and the last one out closes it', async () => {
  const topic = server.topic('a');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a', 'a');
  await client.next('snapshot');
  await client.next('snapshot');
  client.send({ op: 'unsubscribe', id: 3, sids: [0] });
  await client.next('unsubscribed');
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  expect(await client.any()).toMatchObject({ op: 'data', seq: 1 });
  client.send({ op: 'unsubscribe', id: 4, sids: [1] });
  await client.next('unsubscribed');
  expect(server.hub.streamCount).toBe(0);
});

test('a closed connection leaves no stream behind', async () => {
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a', 'b.*');
  await client.next('subscribed');
  await client.next('subscribed');
  client.close();
  await expect.poll(() => [server.server.sessions.size, server.hub.streamCount]).toEqual([0, 0]);
});

test('a client publishes where the config opens topics, and is told why elsewhere', async () => {
  server.topic('market.a');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('lab.>');
  await client.next('subscribed');
  client.send({ op: 'publish', id: 20, topic: 'lab.t', data: { v: 1.5 } });
  expect(await client.next('ok')).toEqual({ op: 'ok', id: 20, result: { seq: 1 } });
  expect(await client.next('data')).toMatchObject({ seq: 1, values: [1.5] });
  const refusals = [
    { topic: 'lab.t', data: { v: 'x' }, code: 111, words: 'v: ' },
    { topic: 'market.a', data: {}, code: 103, words: '"market.a" belongs to the test' },
    { topic: 'closed', data: {}, code: 103, words: '"closed" is not open' },
    { topic: 'lab.b!', data: { v: 1 }, code: 104, words: '"lab.b!"' },
  ];
  for (const { topic, data, code, words } of refusals) {
    client.send({ op: 'publish', id: 21, topic, data });
    expect(await client.next('error')).toMatchObject({ id: 21, code, message: expect.stringContaining(words) });
  }
});

test('the first frame must be HELLO, and it must come in time', async () => {
  const rude = await TestClient.open(server.ws);
  rude.subscribe('a');
  expect(await rude.next('error')).toMatchObject({ id: 9, code: 104 });
  expect((await rude.closed).code).toBe(closeCodes.protocolError.code);
  const silent = await TestClient.open(server.ws);
  expect((await silent.closed).code).toBe(closeCodes.noHello.code);
});

test('an idle session hears a heartbeat, a busy one does not', async () => {
  const idle = await TestClient.greeted(server.ws);
  const busy = await TestClient.greeted(server.ws);
  busy.subscribe('a');
  const topic = server.topic('a');
  const timer = setInterval(() => topic.publish({ bid: 1, ask: 2 }, { ts: 1 }), 100);
  expect((await idle.any()).op).toBe('heartbeat');
  expect((await idle.any()).op).toBe('heartbeat'); // twice as long as a busy session would have to wait for one
  clearInterval(timer);
  busy.send({ op: 'ping', t0: 1 });
  for (let frame = await busy.any(); frame.op !== 'pong'; frame = await busy.any()) {
    expect(frame.op).not.toBe('heartbeat');
  }
});

test('text on a MessagePack session and binary on a JSON session end it with a code of their own', async () => {
  const client = await TestClient.greeted(server.ws);
  client.socket.send('{"op":"ping","t0":1}');
  expect((await client.closed).code).toBe(closeCodes.wrongEncoding.code);
  const readable = await TestClient.open(server.ws, 'tickwire.v1.json');
  readable.sendBytes(Buffer.from([0x92, 9, 1]));
  expect((await readable.closed).code).toBe(closeCodes.wrongEncoding.code);
});

test('frames that cannot be read are answered, and too many of them end the session', async () => {
  const client = await TestClient.greeted(server.ws);
  for (let i = 0; i < 10; i++) client.sendBytes(Buffer.from('c1', 'hex'));
  for (let i = 0; i < 10; i++) expect(await client.next('error')).toMatchObject({ id: null, code: 104 });
  expect((await client.closed).code).toBe(closeCodes.tooManyErrors.code);
});

test('the JSON subprotocol says the same in words', async () => {
  server.topic('a').publish({ bid: 1.25, ask: 2 }, { ts: 5 });
  const client = await TestClient.open(server.ws, 'tickwire.v1.json');
  client.socket.send('{"op":"hello","id":1,"options":{}}');
  expect(await client.any()).toMatchObject({ op: 'welcome', id: 1 });
  client.socket.send('{"op":"subscribe","id":2,"subscriptions":[{"sid":1,"pattern":"a"}]}');
  expect(await client.any()).toEqual({ op: 'subscribed', id: 2, sid: 1, topics: 1, stream: 0, rate: 0 });
  expect(await client.next('topic')).toMatchObject({ topic: 'a', kind: 'latest' });
  expect(await client.any()).toMatchObject({
    op: 'snapshot',
    topic: 'a',
    seq: 1,
    rows: [{ data: { bid: 1.25, ask: 2 } }],
  });
});

test('a URL alone subscribes any WebSocket client', async () => {
  const topic = server.topic('a.b');
  const client = await TestClient.open(`${server.ws}?encoding=json&topics=a.>`, []);
  expect(await client.next('subscribed')).toEqual({ op: 'subscribed', id: 0, sid: 0, topics: 1, stream: 0, rate: 0 });
  await client.next('snapshot');
  topic.publish({ bid: 1, ask: 2 }, { ts: 9 });
  topic.publish({ bid: 3, ask: 4 }, { ts: 10 });
  expect(await client.any()).toEqual({ op: 'data', topic: 'a.b', seq: 1, ts: 9, data: { bid: 1, ask: 2 } });
  const before = client.messages;
  expect(await client.any()).toMatchObject({ seq: 2 });
  expect(client.messages - before).toBeLessThanOrEqual(1); // one JSON.parse a message
});

test('JSON batches bring the frames of a turn as one array', async () => {
  const topic = server.topic('a');
  const client = await TestClient.open(`${server.ws}?encoding=json-batch&topics=a`, []);
  await client.next('snapshot');
  const before = client.messages;
  for (let i = 0; i < 10; i++) topic.publish({ bid: i, ask: i }, { ts: i });
  for (let i = 0; i < 10; i++) expect(await client.any()).toMatchObject({ seq: i + 1 });
  expect(client.messages - before).toBe(1);
});

test('a refused handshake says why', async () => {
  const refused = async (url: string, protocols?: string | string[], headers?: Record<string, string>) => {
    const error = await TestClient.open(url, protocols, headers).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Refused)) throw new Error('the handshake was not refused');
    return `${error.status} ${error.message}`;
  };
  expect(await refused(server.ws, 'mqtt')).toMatch(/^400 .*mqtt/);
  expect(await refused(`${server.ws}?topics=a..b`, [])).toMatch(/^400 .*a\.\.b/);
  expect(await refused(server.ws, [], { Origin: 'https://evil.example' })).toMatch(/^403 .*evil/);
  const full = await testServer({ maxConnections: 1 });
  await TestClient.open(full.ws);
  expect(await refused(full.ws)).toMatch(/^503 .*maxConnections/);
  await full.stop();
});

test('a port is never shared; stopping tells every client to come back, and the next server gets the port', async () => {
  const free = await testServer();
  const { port } = free;
  await free.stop();
  const first = await testServer({ port });
  const client = await TestClient.greeted(first.ws);
  await expect(testServer({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  await first.stop();
  expect((await client.closed).code).toBe(1012);
  const next = await testServer({ port });
  expect(next.port).toBe(port);
  await next.stop();
});

test('a client that stops reading is closed as slow, and its neighbour misses nothing', async () => {
  const small = await testServer({ evictBytes: 64 * 1024 });
  const topic = small.topic('big', 'latest', z.object({ text: z.string() }));
  const slow = await TestClient.greeted(small.ws);
  const healthy = await TestClient.greeted(small.ws);
  for (const client of [slow, healthy]) client.subscribe('big');
  await slow.next('snapshot');
  await healthy.next('snapshot');
  slow.socket.pause();
  let seq = 0;
  while (small.server.sessions.size > 1) {
    for (let i = 0; i < 20; i++) topic.publish({ text: 'x'.repeat(10_000) }, { ts: 1 });
    for (let i = 0; i < 20; i++) expect((await healthy.next('data')).seq).toBe(++seq);
  }
  slow.socket.resume();
  expect((await slow.closed).code).toBe(closeCodes.slowConsumer.code);
  await small.stop();
});
