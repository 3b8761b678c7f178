import { afterEach, beforeEach, expect, test } from 'vitest';
import { imbalance } from '../../src/bus/index.ts';
import { EventReader } from '../support/event-reader.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await testServer({ lagMs: 100, probeEveryMs: 20 });
});
afterEach(() => server.stop());

test('connections tells of sockets and event streams alike', async () => {
  const topic = server.topic('a.b');
  const client = await TestClient.open(server.ws);
  client.send({ op: 'hello', id: 1, options: { sdk: 'test/1' } });
  client.send({
    op: 'subscribe',
    id: 2,
    subscriptions: [
      { sid: 4, pattern: 'a.*' },
      { sid: 5, pattern: 'a.b', maxRate: 2 },
    ],
  });
  await client.next('snapshot');
  await client.next('snapshot');
  const reader = await EventReader.open(`${server.http}/events?topics=a.*,b.*`, '', { 'User-Agent': 'reader/1' });
  await reader.next('snapshot');
  topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
  await client.next('data');
  const { count, connections } = await get('/connections');
  expect(count).toBe(2);
  const socket = connections.find(({ encoding }: { encoding: string }) => encoding === 'msgpack');
  expect(socket).toMatchObject({
    id: expect.any(String),
    sdk: 'test/1',
    address: '127.0.0.1',
    connectedMs: expect.any(Number),
    bufferedBytes: 0,
    step: 'full',
    stepMs: expect.any(Number),
    subscriptions: [
      { sid: 4, patterns: ['a.*'], stream: 0, rate: 0, paused: false, ledger: { published: 1, delivered: 1 } },
      { sid: 5, patterns: ['a.b'], rate: 2, paused: false, ledger: { published: 1 } },
    ],
  });
  expect(connections.find(({ encoding }: { encoding: string }) => encoding === 'sse')).toMatchObject({
    sdk: 'reader/1',
    subscriptions: [{ sid: 0, patterns: ['a.*', 'b.*'], ledger: { published: 1, delivered: 1 } }],
  });
  reader.cut();
  client.close();
});

test('the slowest come first, as many as are asked for', async () => {
  const topic = server.topic('a.b');
  const clients = await Promise.all(Array.from({ length: 4 }, () => TestClient.greeted(server.ws)));
  for (const client of clients) {
    client.subscribe('a.*');
    await client.next('snapshot');
  }
  const [, slow] = clients;
  slow?.socket.pause();
  let n = 0;
  await until(() => {
    topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
    return [...server.server.sessions].some(({ pace }) => pace.step === 'conflated');
  });
  for (let i = 0; i < 10; i++) topic.publish({ bid: ++n, ask: 0 }, { ts: 1 });
  const { count, connections } = await get('/connections?limit=2');
  expect([count, connections.length]).toEqual([4, 2]);
  expect(connections[0]).toMatchObject({ step: 'conflated' });
  expect(connections[0].lagMs).toBeGreaterThan(connections[1].lagMs);
  expect(connections[0].ledger.pending).toBeGreaterThanOrEqual(10);

  slow?.socket.resume();
  await until(() => [...server.server.sessions].every(({ pace }) => pace.step === 'full'));
  const [first, second] = (await get('/connections?sort=skipped')).connections;
  expect(first.ledger.conflated).toBeGreaterThan(0);
  expect(second.ledger.conflated).toBe(0);
  expect((await get('/connections?sort=buffered')).connections).toHaveLength(4);
  for (const client of clients) client.close();
});

test('what an ended subscription had counts once', async () => {
  const topic = server.topic('a.b');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.b');
  await client.next('snapshot');
  for (let n = 1; n <= 3; n++) topic.publish({ bid: n, ask: n }, { ts: 1 });
  await client.next('data');
  const [session] = server.server.sessions;
  await until(() => session?.ledger().delivered === 3);
  client.send({ op: 'unsubscribe', id: 10, sids: [0] });
  await client.next('unsubscribed');
  expect(session?.ledger()).toMatchObject({ published: 3, delivered: 3, pending: 0 });
  client.close();
});

test('the ledger adds up, whatever is going on', async () => {
  const [quotes, trades] = [server.topic('a.quote'), server.topic('a.trade', 'event')];
  const client = await TestClient.greeted(server.ws);
  client.send({
    op: 'subscribe',
    id: 2,
    subscriptions: [
      { sid: 1, pattern: 'a.*' },
      { sid: 2, pattern: 'a.*', maxRate: 1 },
      { sid: 3, pattern: 'a.*', filter: 'bid > 5' },
    ],
  });
  const reader = await EventReader.open(`${server.http}/events?topics=a.*&maxRate=3`);
  await reader.next('snapshot', 'a.trade');
  for (let bid = 0; bid < 10; bid++) for (const topic of [quotes, trades]) topic.publish({ bid, ask: 0 }, { ts: 1 });
  const ledger = await get('/ledger');
  expect(ledger).toMatchObject({
    ok: true,
    publications: 20,
    unbalanced: [],
    sessions: { count: 2 },
    streams: { count: 4 },
  });
  expect(ledger.sessions.ledger.published).toBe(4 * 20);
  expect(imbalance(ledger.sessions.ledger)).toBe(0);
  expect(ledger.streams.list).toContainEqual(
    expect.objectContaining({ patterns: ['a.*'], encoding: 'msgpack', filter: 'bid > 5', members: 1 }),
  );
  expect((await get('/ledger?limit=1')).streams).toMatchObject({ count: 4, list: { length: 1 } });
  reader.cut();
  client.close();
});

test('one publication that is nowhere is found, and said where', async () => {
  const topic = server.topic('a.b');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.*');
  await client.next('snapshot');
  topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
  await client.next('data');
  const [stream] = server.hub.streams;
  if (stream !== undefined) stream.delivered--;
  const ledger = await get('/ledger');
  expect(ledger.ok).toBe(false);
  const [session] = server.server.sessions;
  expect(ledger.unbalanced).toMatchObject([
    { session: session?.id, ledger: { published: 1, delivered: 0 } },
    { session: session?.id, sid: 0 },
    { stream: expect.stringContaining('a.*') },
  ]);
  client.close();
});

test.each([
  ['/connections?limit=0', 'limit'],
  ['/connections?limit=x', '"x"'],
  ['/connections?sort=age', 'lag, buffered or skipped'],
  ['/ledger?limit=-1', '"-1"'],
])('%s is refused', async (path, words) => {
  const response = await fetch(`${server.http}${path}`);
  expect(response.status).toBe(400);
  expect((await response.json()).error).toMatchObject({ code: 104, message: expect.stringContaining(words) });
});

async function get(path: string) {
  return (await fetch(`${server.http}${path}`)).json();
}

/** Looks again after each turn. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

test('what a stream still holds when a subscription ends is delivered, and counted so', async () => {
  const topic = server.topic('a.b');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('a.b');
  await client.next('snapshot');
  const [session] = server.server.sessions;
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  session?.unsubscribe(0);
  expect(session?.ledger()).toMatchObject({ published: 1, delivered: 1, pending: 0 });
  await client.next('data');
});
