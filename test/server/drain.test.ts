import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { freePort } from '../../bench/support/free-port.ts';
import { drainSlots, graceMs, shuffled } from '../../src/server/drain-slots.ts';
import { EventReader } from '../support/event-reader.ts';
import { Refused, TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

const started: TestServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const count = z.object({ n: z.number() });

test('a client is told when to leave, in bytes or as JSON, and closed with 1012 where it stays', async () => {
  const { ws, server } = await start({ drainMs: 5000, drainPerSec: 150 });
  const binary = await rawClient(ws, 'tickwire.v1.msgpack');
  const json = await rawClient(ws, 'tickwire.v1.json');
  const drained = server.drain();
  const told = [await binary.first, await json.first];
  const slots = ['00', '06']; // 150 in a second are 6.67 ms apart
  expect(slots.map((slot) => `9353${slot}cd1388`)).toContain(told[0]?.toString('hex'));
  const texts = ['0', '6'].map((slot) => `{"op":"drain","slotMs":${slot},"deadlineMs":5000}`);
  expect(texts).toContain(told[1]?.toString());
  expect([await binary.closed, await json.closed]).toEqual([1012, 1012]);
  await drained;
});

test('nobody new is let in, and everything else goes on until the last one is gone', async () => {
  const open = [{ pattern: 'open.>', kind: 'latest' as const }];
  const { ws, http, server, topic } = await start({}, open);
  const published = topic('a.b', 'event', count);
  const client = await TestClient.greeted(ws);
  client.subscribe('a.b', 'open.>');
  await client.next('snapshot');
  expect(await json(`${http}/readyz`)).toEqual([200, null, { ready: true }]);
  expect(server.isDraining).toBe(false);

  const drained = server.drain();
  expect(server.isDraining).toBe(true);
  expect(server.readiness.isReady()).toBe(false);
  await client.next('drain');
  expect(await json(`${http}/readyz`)).toEqual([503, '5', { ready: false, reasons: ['the server is draining'] }]);
  const refused = { error: { message: 'the server is draining: it stops soon' } };
  expect(await json(`${http}/events?topics=a.b`)).toEqual([503, '5', refused]);
  await expect(TestClient.open(ws)).rejects.toThrow(new Refused(503, JSON.stringify(refused)));
  expect(await upgradeRetryAfter(http)).toBe('5');
  expect((await fetch(`${http}/healthz`)).status).toBe(200);
  expect((await fetch(`${http}/topics`)).status).toBe(200);
  const body = JSON.stringify({ topic: 'open.x', data: 1 });
  expect((await fetch(`${http}/publish`, { method: 'POST', body })).status).toBe(202);
  expect(await client.next('data')).toMatchObject({ values: [1] });
  published.publish({ n: 7 }, { ts: 1 });
  expect(await client.next('data')).toMatchObject({ seq: 1, values: [7] });
  expect((await client.closed).code).toBe(1012);
  await drained;
});

test('it is over as soon as nobody is left, and at once where nobody is', async () => {
  const { ws, server } = await start({ drainMs: 3_600_000, drainPerSec: 1 });
  const clients = await Promise.all(Array.from({ length: 5 }, () => TestClient.greeted(ws)));
  const drained = server.drain();
  for (const client of clients) {
    await client.next('drain');
    client.socket.close(1000);
  }
  await drained; // their moments would last for 5 s, and the whole for an hour
  for (const client of clients) expect((await client.closed).code).toBe(1000);
  await (await start({ drainMs: 3_600_000 })).server.drain();
});

test('clients leave in an order of chance, no more of them in a second than it may be', async () => {
  const { ws, server } = await start({ drainPerSec: 100 });
  const clients: Awaited<ReturnType<typeof rawClient>>[] = [];
  for (let i = 0; i < 200; i++) clients.push(await rawClient(ws, 'tickwire.v1.json'));
  const gone: number[] = [];
  const slots = clients.map(async ({ first, closed }) => {
    const { slotMs } = JSON.parse((await first).toString());
    void closed.then((code) => code === 1012 && gone.push(slotMs));
    return slotMs as number;
  });
  await server.drain();
  const inOrderOfComing = await Promise.all(slots);
  const expected = Array.from({ length: 200 }, (_, i) => i * 10);
  expect(inOrderOfComing.toSorted((a, b) => a - b)).toEqual(expected);
  expect(inOrderOfComing).not.toEqual(expected);
  await expect.poll(() => gone.length).toBe(200);
  const late = gone.map((slotMs, i) => Math.max(...gone.slice(0, i + 1)) - slotMs);
  expect(Math.max(...late)).toBeLessThan(300); // as they were told, but for who is dealt with in one go
});

test('a client gets what was published in the very turn in which it is dismissed', async () => {
  const { ws, hub, server, topic } = await start();
  const events = topic('a.event', 'event', count);
  const client = await TestClient.greeted(ws);
  client.subscribe('a.event');
  await client.next('snapshot');
  events.publish({ n: 1 }, { ts: 1 });
  hub.flush();
  for (const session of server.sessions) session.dismiss();
  expect(await client.next('data')).toMatchObject({ seq: 1 });
  expect((await client.closed).code).toBe(1012);
});

test('slots are as far apart as asked, and closer where there are too many for the time', () => {
  expect(drainSlots(0, { drainMs: 25_000, drainPerSec: 150 })).toEqual([]);
  expect(drainSlots(4, { drainMs: 25_000, drainPerSec: 2 })).toEqual([0, 500, 1000, 1500]);
  const many = drainSlots(10_000, { drainMs: 10_000 + graceMs, drainPerSec: 150 });
  expect(many.slice(0, 3)).toEqual([0, 1, 2]);
  expect(many.at(-1)).toBe(9999);
  expect(drainSlots(3, { drainMs: 100, drainPerSec: 1 })).toEqual([0, 0, 0]);
});

test('an order of chance holds each one once', () => {
  const numbers = [1, 2, 3, 4, 5];
  expect(shuffled(numbers, () => 0)).toEqual([2, 3, 4, 5, 1]);
  expect(shuffled(numbers, () => 0.999)).toEqual(numbers);
  expect(shuffled(numbers, Math.random).toSorted()).toEqual(numbers);
});

describe('a laggard', () => {
  test('that reads on gets everything up to its end, with no hole', async () => {
    const { ws, server, topic } = await start({ lagMs: 100, probeEveryMs: 20, evictBytes: 64 * 1024 * 1024 });
    const events = topic('a.event', 'event', z.object({ text: z.string() }));
    const client = await TestClient.greeted(ws);
    client.subscribe('a.event');
    await client.next('snapshot');
    client.socket.pause();
    const [session] = [...server.sessions];
    let n = 0;
    const publish = () => events.publish({ text: `${++n}`.padEnd(10_000) }, { ts: 1 });
    for (let i = 0; i < 1500; i++) publish(); // the kernel takes a third
    await until(() => session?.pace.step === 'conflated' && session.bufferedBytes() > 0);
    const drained = server.drain();
    publish();
    const reading = setTimeout(() => client.socket.resume(), graceMs + 300); // its moment is over by then
    const seqs: number[] = [];
    while (seqs.at(-1) !== n) {
      const frame = await client.any();
      if (frame.op === 'data') seqs.push(frame.seq);
      if (frame.op === 'gap') for (let seq = frame.from; seq <= frame.to; seq++) seqs.push(seq);
    }
    expect(seqs).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    expect((await client.closed).code).toBe(1012);
    await drained;
    clearTimeout(reading);
  });

  test('that reads nothing holds nobody up', async () => {
    const { ws, server, topic } = await start({ drainMs: 3_600_000, evictBytes: 64 * 1024 * 1024 });
    const events = topic('a.event', 'event', z.object({ text: z.string() }));
    const client = await TestClient.greeted(ws);
    client.subscribe('a.event');
    await client.next('snapshot');
    client.socket.pause();
    const [session] = [...server.sessions];
    for (let i = 0; i < 1500; i++) events.publish({ text: ''.padEnd(10_000) }, { ts: 1 }); // the kernel takes a third
    await until(() => session?.pace.step === 'conflated' && session.bufferedBytes() > 0);
    await server.drain();
    expect(server.clientCount).toBe(0);
    client.socket.terminate();
  });
});

describe('a reader of server-sent events', () => {
  test('has its stream ended, with the last of it, and is told to come back soon', async () => {
    const { http, server, topic } = await start();
    const events = topic('a.event', 'event', count);
    const reader = await EventReader.open(`${http}/events?topics=a.event`);
    await reader.next('snapshot');
    const drained = server.drain();
    events.publish({ n: 1 }, { ts: 1 }); // waits for the end of the turn, as the drain's first look does
    expect((await reader.next('data')).data).toMatchObject({ seq: 1 });
    await reader.closed();
    await drained;
    expect(reader.retryMs).toBeGreaterThanOrEqual(200);
    expect(reader.retryMs).toBeLessThanOrEqual(600);
    expect(reader.lastEventId).not.toBe('');
  });

  test('that is slow gets the rest as it reads, with no hole', async () => {
    const { http, server, topic } = await start();
    const events = topic('a.event', 'event', z.object({ text: z.string() }));
    const reader = await EventReader.open(`${http}/events?topics=a.event`);
    await reader.next('snapshot');
    reader.response.pause();
    const [stream] = [...server.events];
    let n = 0;
    for (; n < 1500; n++) events.publish({ text: ''.padEnd(10_000) }, { ts: 1 });
    await until(() => stream?.pace.step === 'conflated');
    const drained = server.drain();
    for (; n < 1600; n++) events.publish({ text: ''.padEnd(10_000) }, { ts: 1 });
    setTimeout(() => reader.response.resume(), 300); // its moment is over by then
    const seqs: number[] = [];
    await reader.until(({ type, data }) => {
      if (type === 'data') seqs.push(data.seq);
      if (type === 'gap') for (let seq = data.from; seq <= data.to; seq++) seqs.push(seq);
      return seqs.at(-1) === n;
    });
    expect(seqs).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    await reader.closed();
    await drained;
  });

  test('gets what was published in the very turn in which it is dismissed', async () => {
    const { http, hub, server, topic } = await start();
    const events = topic('a.event', 'event', count);
    const reader = await EventReader.open(`${http}/events?topics=a.event`);
    await reader.next('snapshot');
    events.publish({ n: 1 }, { ts: 1 });
    hub.flush();
    for (const stream of server.events) stream.dismiss();
    expect((await reader.next('data')).data).toMatchObject({ seq: 1 });
    await reader.closed();
    expect(reader.covered).toBe(reader.log.length);
  });

  test('that returns to a draining server is not refused, for browsers would give up, but told to come again', async () => {
    const { ws, http, server, topic } = await start({ drainPerSec: 1 });
    topic('a.event', 'event', count).publish({ n: 1 }, { ts: 1 });
    const stays = await Promise.all([TestClient.greeted(ws), TestClient.greeted(ws)]);
    const drained = server.drain();
    const response = await fetch(`${http}/events?topics=a.event`, {
      headers: { 'Last-Event-ID': 'x', Origin: http },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('access-control-allow-origin')).toBe(http);
    expect(await response.text()).toMatch(/^retry: [123]\d{3}\n\n$/);
    for (const client of stays) client.socket.close();
    await drained;
  });
});

describe('drainMs 0 and a stop', () => {
  test('leave nobody waiting: all are closed with 1012 at once, and nobody is told a moment', async () => {
    const { ws, server, stop } = await start({ drainMs: 0 });
    const client = await rawClient(ws, 'tickwire.v1.json');
    await server.drain();
    expect(server.clientCount).toBe(1);
    expect(server.isDraining).toBe(true);
    await stop();
    expect(await client.closed).toBe(1012);
    expect(client.messages).toBe(0);
  });

  test('a stop ends a drain', async () => {
    const { ws, server, stop } = await start({ drainMs: 3_600_000, drainPerSec: 1 });
    const clients = await Promise.all([rawClient(ws, 'tickwire.v1.json'), rawClient(ws, 'tickwire.v1.json')]);
    const drained = server.drain();
    await stop();
    await drained;
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1012, 1012]);
  });
});

describe('a shared port', () => {
  test('is the next server’s alone once a drain begins, while the clients of the first are served on', async () => {
    const port = await freePort();
    const first = await start({ port, sharePort: true, drainPerSec: 1 });
    const topic = first.topic('a.b', 'event', count);
    const clients = await Promise.all([TestClient.greeted(first.ws), TestClient.greeted(first.ws)]);
    for (const client of clients) {
      client.subscribe('a.b');
      await client.next('snapshot');
    }
    const keptAlive = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await readyzThrough(keptAlive, first.http)).toBe(200);
    const second = await start({ port, sharePort: true });
    const drained = first.server.drain();
    for (const client of clients) await client.next('drain');
    const moved = await Promise.all(Array.from({ length: 20 }, () => TestClient.greeted(second.ws)));
    expect(second.server.clientCount).toBe(20);
    expect(await readyzThrough(keptAlive, first.http)).toBe(503);
    keptAlive.destroy();
    expect((await fetch(`${second.http}/readyz`, { headers: { Connection: 'close' } })).status).toBe(200);
    topic.publish({ n: 1 }, { ts: 1 });
    for (const client of clients) {
      await client.next('data');
      client.socket.close();
    }
    await drained;
    for (const client of moved) client.close();
  });

  test.each([
    [false, false],
    [true, false],
    [false, true],
  ])('is nobody’s who does not share it (first %s, second %s)', async (first, second) => {
    const { port } = await start({ port: await freePort(), sharePort: first });
    await expect(testServer({ port, sharePort: second })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the port is in use, or the address is not this machine's`,
    );
  });
});

async function start(...args: Parameters<typeof testServer>): Promise<TestServer> {
  const server = await testServer(...args);
  started.push(server);
  return server;
}

/** What came first, as it came, and how it ended. */
async function rawClient(url: string, protocol: string) {
  const socket = new WebSocket(url, protocol);
  const client = {
    messages: 0,
    first: once(socket, 'message').then(([data]) => data as Buffer),
    closed: once(socket, 'close').then(([code]) => code as number),
  };
  client.first.catch(() => undefined);
  socket.on('message', () => client.messages++);
  await once(socket, 'open');
  return client;
}

async function json(url: string): Promise<[status: number, retryAfter: string | null, body: unknown]> {
  const response = await fetch(url);
  return [response.status, response.headers.get('retry-after'), await response.json()];
}

async function readyzThrough(agent: Agent, http: string): Promise<number | undefined> {
  const [response] = (await once(get(`${http}/readyz`, { agent }), 'response')) as [IncomingMessage];
  await response.toArray();
  return response.statusCode;
}

async function upgradeRetryAfter(http: string): Promise<string | undefined> {
  const socket = new WebSocket(`${http.replace('http', 'ws')}/ws`);
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();
  return response.headers['retry-after'];
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}
