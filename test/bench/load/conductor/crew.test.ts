import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Crew, CrewRequest } from '../../../../bench/load/index.ts';
import { type BuiltBench, buildBench, removeBench } from '../support/built-bench.ts';

const topics = 5;
const request: CrewRequest = {
  target: { kind: 'own', server: {} },
  source: { kind: 'feed', topics, rate: 40, burst: 5, payloadBytes: 32 },
  connections: 10,
  workers: 2,
  topics,
  rampSec: 0,
  encoding: 'msgpack',
  patterns: ['bench.>'],
  readOneIn: 1,
};

let bench: BuiltBench;
let crew: Crew;
const ending = new AbortController();
beforeAll(async () => {
  bench = await buildBench();
  crew = await bench.openCrew(request, { progress: () => {}, signal: ending.signal });
});
afterAll(async () => {
  await crew.close();
  await removeBench();
});

test('a crew is driven by hand: it publishes, drops, rejoins, and accounts for all of it', async () => {
  expect(crew.opened).toMatchObject({ opened: 10, failed: {} });
  await crew.publish();
  await seen();
  await crew.drop();
  expect(await crew.rejoin({ isResumed: true })).toMatchObject({ connections: 10, failed: {} });
  await seen();
  expect(Object.keys(await crew.silence())).toHaveLength(topics);
  const { sums, firstLost } = await crew.account();
  expect(firstLost).toBeUndefined();
  expect(sums).toMatchObject({ lost: 0, duplicates: 0 });
  expect(sums.delivered).toBeGreaterThan(0);
});

test('snapshots and subscriptions are asked for all at once', async () => {
  const all = { connections: 10, failed: {} };
  expect(await crew.snapshots()).toMatchObject(all);
  expect(await crew.unsubscribe()).toMatchObject(all);
  expect(await crew.subscribe()).toMatchObject(all);
});

test('what its server uses is known', async () => {
  expect(await crew.serverRssBytes()).toBeGreaterThan(10_000_000);
  expect(await crew.serverCpuSec()).toBeGreaterThan(0);
});

test('a crew that is aborted says why to whoever still asks it, and may be closed all the same', async () => {
  ending.abort(new Error('enough'));
  await expect(crew.drop()).rejects.toThrow('enough');
  await crew.close();
});

async function seen(): Promise<void> {
  await expect.poll(async () => (await crew.sample()).deliveries, { timeout: 10_000 }).toBeGreaterThan(0);
}
