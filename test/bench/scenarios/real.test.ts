import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunReport } from '../../../bench/load/report.ts';
import type { PlanWish, Scenario } from '../../../bench/load/scenario.ts';
import { type BuiltBench, buildBench, builtFile, removeBench } from '../load/support/built-bench.ts';

let bench: BuiltBench;
let scenarios: readonly Scenario[];
beforeAll(async () => {
  bench = await buildBench();
  ({ scenarios } = await import(pathToFileURL(builtFile('bench/scenarios/index.js')).href));
});
afterAll(removeBench);

test('a storm of reconnects brings all back, and nothing is lost', async () => {
  const figures = figuresOf(await run('reconnect-storm', { connections: 20 }));
  expect(figures).toMatchObject({ lost: 0, duplicates: 0 });
  expect(figures['topics with all that was missed']).toBeGreaterThan(0);
});

test('a storm of subscriptions is over', async () => {
  expect(Object.keys(figuresOf(await run('subscribe-storm', { connections: 20 })))).toContain('all subscribed after');
});

test('a storm of snapshots brings each of them', async () => {
  const figures = figuresOf(await run('snapshot-storm', { connections: 20, topics: 10 }));
  expect(figures.payload).toBeGreaterThan(20 * 10 * 100);
});

test('idle connections are held, and weighed', async () => {
  const runs = await run('idle', { connections: 200 });
  expect(runs.map(({ label }) => label)).toEqual(['greeted', 'subscribed']);
  const figures = figuresOf(runs);
  expect(figures).toMatchObject({ held: 200 });
});

test('HTTP routes answer while subscribers are served', async () => {
  const runs = await run('http', { connections: 4, rate: 100, durationSec: 1 });
  expect(runs.map(({ label }) => label)).toEqual(
    expect.arrayContaining(['GET /topics/<topic>', 'POST /publish', 'GET /events']),
  );
  const events = figuresOf(runs.filter(({ label }) => label === 'GET /events'));
  expect(events).toMatchObject({ streams: 4 });
  expect(events['streamed a second']).toBeGreaterThan(1000);
});

test('the price of TLS is that of a server that speaks it', async () => {
  const runs = await run('tls', { connections: 4, durationSec: 1, warmUpSec: 0 });
  expect(runs.map(({ load }) => load?.ledger.lost)).toEqual([0, 0]);
  expect(runs[1]?.figures.map(({ name }) => name)).toContain('server CPU per delivery, to plain');
});

async function run(name: string, wish: PlanWish): Promise<RunReport[]> {
  const scenario = scenarios.find((one) => one.name === name)!;
  const { signal } = new AbortController();
  const progress = () => {};
  const runs = await scenario.run({
    wish,
    progress,
    signal,
    load: (plan) => bench.runLoad(plan, { progress, signal }),
  });
  for (const { figures } of runs) for (const { value } of figures) expect(Number.isFinite(value)).toBe(true);
  return runs;
}

/** Of the last run, by name; each run's connections all came through. */
function figuresOf(runs: readonly RunReport[]): Readonly<Record<string, number>> {
  for (const { doubts } of runs) expect(doubts).toEqual([]);
  return Object.fromEntries((runs.at(-1)?.figures ?? []).map(({ name, value }) => [name, value]));
}
