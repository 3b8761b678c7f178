import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrewRequest } from '../../../bench/load/index.ts';
import { type BuiltBench, buildBench, removeBench } from './support/built-bench.ts';

let bench: BuiltBench;
beforeAll(async () => {
  bench = await buildBench();
});
afterAll(removeBench);

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
const watching = { progress: () => {}, signal: new AbortController().signal };

test('a crew is driven by hand: it publishes, drops, rejoins, and accounts for all of it', async () => {
  const crew = await bench.openCrew(request, watching);
  try {
    expect(crew.opened).toMatchObject({ opened: 10, failed: {} });
    await crew.publish();
    await seen(crew);
    await crew.drop();
    const joined = await crew.rejoin({ isResumed: true });
    expect(joined).toMatchObject({ connections: 10, failed: {} });
    await seen(crew);
    const lastSeq = await crew.silence();
    expect(Object.keys(lastSeq)).toHaveLength(topics);
    const { sums, firstLost } = await crew.account();
    expect(firstLost).toBeUndefined();
    expect(sums).toMatchObject({ lost: 0, duplicates: 0 });
    expect(sums.delivered).toBeGreaterThan(0);
    expect(await crew.serverRssBytes()).toBeGreaterThan(10_000_000);
    expect(await crew.serverCpuSec()).toBeGreaterThan(0);
  } finally {
    await crew.close();
  }
});

test('subscriptions and snapshots are asked for all at once', async () => {
  const crew = await bench.openCrew(request, watching);
  try {
    await crew.publish();
    await seen(crew);
    await crew.silence();
    expect(await crew.snapshots()).toMatchObject({ connections: 10, failed: {} });
    expect(await crew.unsubscribe()).toMatchObject({ connections: 10, failed: {} });
    expect(await crew.subscribe()).toMatchObject({ connections: 10, failed: {} });
  } finally {
    await crew.close();
  }
});

test('a crew that is aborted says why to whoever still asks it, and may be closed all the same', async () => {
  const ending = new AbortController();
  const crew = await bench.openCrew(request, { ...watching, signal: ending.signal });
  ending.abort(new Error('enough'));
  await expect(crew.drop()).rejects.toThrow('enough');
  await crew.close();
});

async function seen(crew: Awaited<ReturnType<BuiltBench['openCrew']>>): Promise<void> {
  await expect.poll(async () => (await crew.sample()).deliveries, { timeout: 10_000 }).toBeGreaterThan(0);
}
