import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Client, connect, type Message } from '../../src/client/index.ts';
import { loadConfig } from '../../src/config.ts';
import { startTickwire } from '../../src/main.ts';

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

const chat = { open: [{ pattern: 'chat.>', kind: 'event' }] };

async function serve(flags: Record<string, string>, file: object = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'tickwire-client-'));
  await writeFile(join(cwd, 'tickwire.config.json'), JSON.stringify(file));
  const config = await loadConfig({ cwd, env: {}, flags: { port: '0', logLevel: 'silent', ...flags } });
  const tickwire = await startTickwire(config);
  started.push(tickwire);
  return { tickwire, url: tickwire.url };
}

function open(url: string | string[]): Client {
  const client = connect(url);
  clients.push(client);
  return client;
}
