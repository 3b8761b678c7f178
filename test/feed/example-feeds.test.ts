/** The three shapes as a plug-in author would write them: each short, typed from its schemas, run by the test kit. */

import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed, FeedError } from '../../src/feed/index.ts';
import { expectClean, expectDeterministic, runInVirtualTime } from '../../src/feed/testing.ts';
import { createLab, second, start } from './lab.ts';

const tides = defineFeed({
  name: 'tides',
  config: z.object({ ports: z.array(z.string()).default(['dover']), rangeM: z.number().default(6) }),
  topics: { 'tide.{port}.level': { schema: z.object({ m: z.number(), rising: z.boolean() }) } },
  every: 1000,
  tick({ config, clock, rng, publish }) {
    for (const port of config.ports) {
      const phase = (2 * Math.PI * clock.now()) / 44_714e6; // M2, 12.42 h
      const m = (config.rangeM / 2) * Math.sin(phase) + 0.02 * rng(port).normal();
      publish(`tide.${port}.level`, { m, rising: Math.cos(phase) > 0 });
    }
  },
});

const quake = z.object({ mag: z.number(), place: z.string() });
const quakeList = z.object({
  features: z.array(z.object({ properties: z.object({ net: z.string(), time: z.number() }).and(quake) })),
});
const quakes = defineFeed({
  name: 'quakes',
  config: z.object({ url: z.url(), pollMs: z.int().min(5000).default(60_000) }),
  topics: { 'quake.{net}': { schema: quake, kind: 'event' } },
  async *stream({ config, signal, clock }) {
    for (;;) {
      const response = await fetch(config.url, { signal });
      if (response.status === 429) throw new FeedError.Retry('rate limited', { afterMs: 60_000 });
      if (response.status === 401) throw new FeedError.Fatal('unauthorised');
      for (const { properties } of quakeList.parse(await response.json()).features) {
        const { net, time, mag, place } = properties;
        yield { topic: `quake.${net}`, ts: time * 1000, data: { mag, place } };
      }
      await clock.sleep(config.pollMs);
    }
  },
});

const broker = new EventEmitter();
const doorbell = defineFeed({
  name: 'doorbell',
  topics: { 'home.{door}.ring': { schema: z.object({ battery: z.number().min(0).max(100) }), kind: 'event' } },
  connect({ publish, status }) {
    const ring = (door: string, message: string) => publish(`home.${door}.ring`, JSON.parse(message));
    broker.on('message', ring);
    broker.on('offline', () => status('degraded', 'broker offline'));
    return () => void broker.removeAllListeners();
  },
});

test('a timer feed publishes on its beat, the same for the same seed', async () => {
  const options = { config: { ports: ['dover', 'brest'] }, seed: 'x', forMs: 60_000 };
  const run = await runInVirtualTime(tides, options);
  expectClean(run);
  expect(run.published.length).toBe(120);
  expect(run.published[0]).toMatchObject({ topic: 'tide.dover.level', ts: start + second });
  await expectDeterministic(tides, options);
  const other = await runInVirtualTime(tides, { ...options, seed: 'y' });
  expect(other.published[0]?.data).not.toEqual(run.published[0]?.data);
});

test("a name's random stream does not shift when another is used beside it", async () => {
  const both = await runInVirtualTime(tides, { config: { ports: ['dover', 'brest'] }, forMs: 10_000 });
  const alone = await runInVirtualTime(tides, { config: { ports: ['brest'] }, forMs: 10_000 });
  expect(both.published.filter(({ topic }) => topic === 'tide.brest.level')).toEqual(alone.published);
});

test('a stream feed polls in virtual time against a real server, and backs off as it asks', async () => {
  const answers = [200, 429, 200, 401];
  let asked = 0;
  const server = createServer((_request, response) => {
    const code = answers[asked++] ?? 500;
    response.writeHead(code, { 'content-type': 'application/json' });
    const properties = { net: 'us', time: 1_767_571_200_000 + asked, mag: 4.5, place: 'here' };
    response.end(JSON.stringify({ features: [{ properties }] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const { published, rejected, stats } = await runInVirtualTime(quakes, { config: { url }, forMs: 600_000 });
    expect(rejected).toEqual([]);
    expect(published.map(({ topic, ts }) => [topic, ts])).toEqual([
      ['quake.us', 1_767_571_200_001_000],
      ['quake.us', 1_767_571_200_003_000],
    ]);
    expect(asked).toBe(4);
    expect(stats).toMatchObject({ status: 'down', statusText: 'unauthorised', errors: 2, restarts: 1 });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a push feed publishes what it is called with, and lets go of its source', async () => {
  const lab = createLab();
  const running = lab.run(doorbell);
  await lab.until(1);
  broker.emit('message', 'front', '{"battery":80}');
  broker.emit('offline');
  expect(lab.published).toEqual([{ topic: 'home.front.ring', ts: start + second, data: { battery: 80 } }]);
  expect(running.stats()).toMatchObject({ status: 'degraded', statusText: 'broker offline' });
  await running.stop();
  expect(broker.listenerCount('message')).toBe(0);
});

test('a wrong topic or field is a compile error, and at run time a rejection that names it', async () => {
  const wrong = defineFeed({
    name: 'wrong',
    topics: { 'tide.{port}.level': { schema: z.object({ m: z.number() }) }, plain: { schema: z.string() } },
    every: 1000,
    tick({ publish }) {
      // @ts-expect-error no such topic
      publish('tide.dover.height', { m: 1 });
      // @ts-expect-error no such field
      publish('tide.dover.level', { metres: 1 });
      // @ts-expect-error a string, not a number
      publish('tide.dover.level', { m: '1' });
      // @ts-expect-error the other topic's data
      publish('plain', { m: 1 });
      publish('plain', 'fine');
    },
  });
  const { published, rejected } = await runInVirtualTime(wrong, { forMs: 1000 });
  expect(published.map(({ data }) => data)).toEqual(['fine']);
  expect(rejected).toEqual([
    'topic "tide.dover.height" is not one this feed declares',
    'topic "tide.dover.level": m: Invalid input: expected number, received undefined',
    'topic "tide.dover.level": m: Invalid input: expected number, received string',
    'topic "plain": data: Invalid input: expected string, received object',
  ]);
});

test('what a stream yields is typed too', () => {
  const schema = z.object({ m: z.number() });
  defineFeed({
    name: 'wrong-stream',
    topics: { a: { schema } },
    // @ts-expect-error no such topic
    async *stream() {
      yield { topic: 'b', data: { m: 1 } };
    },
  });
  defineFeed({
    name: 'wrong-field',
    topics: { a: { schema } },
    // @ts-expect-error no such field
    async *stream() {
      yield { topic: 'a', data: { metres: 1 } };
    },
  });
});
