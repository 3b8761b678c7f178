import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rig } from '../../../../bench/load/conductor/rig.ts';
import type { Published } from '../../../../bench/load/source/tally.ts';
import { buildBench, builtFile, removeBench } from '../support/built-bench.ts';
import { somePlan } from '../support/some-load.ts';

type RunModule = typeof import('../../../../bench/load/conductor/run-load.ts');
let runLoad: RunModule['runLoad'];
beforeAll(async () => {
  await buildBench();
  const module: RunModule = await import(pathToFileURL(builtFile('bench/load/conductor/run-load.js')).href);
  runLoad = module.runLoad;
});
afterAll(removeBench);

const plan = { ...somePlan, connections: 2, warmUpSec: 0.2, durationSec: 1 };
const watching = { progress: () => {}, signal: new AbortController().signal };
const stallMs = 300;

test('a server that stalls is seen by when publications were due, and hidden by when they left', async () => {
  const meddle = ({ target }: Rig) => void target.own!.ask({ ask: 'stall', ms: stallMs });
  const [due, left] = await Promise.all([
    runLoad(plan, watching, { meddle }),
    runLoad(plan, watching, { meddle, isCoordinated: true }),
  ]);
  expect(due.load!.latency!.ms.p999).toBeGreaterThan(0.75 * stallMs);
  expect(left.load!.latency!.ms.p90).toBeLessThan(due.load!.latency!.ms.p90 / 2);
  expect(due.load!.published).toBe(left.load!.published);
});

test('a load process that is starved is doubted', async () => {
  const meddle = ({ processes }: Rig) => void processes.each({ ask: 'starve', share: 0.98 });
  const { doubts } = await runLoad(plan, watching, { meddle });
  expect(doubts.map(({ kind }) => kind)).toContain('generator busy');
});

test('what was published and neither came nor was announced is lost', async () => {
  const lostOfEach = 3;
  const meddle = ({ publishing }: Rig) => {
    const { end } = publishing;
    publishing.end = async () => further((await end())!, lostOfEach);
  };
  const { load } = await runLoad({ ...plan, durationSec: 0.3 }, watching, { meddle });
  expect(load!.ledger.lost).toBe(2 * 10 * lostOfEach);
});

function further({ lastSeq, ...published }: Published, by: number): Published {
  return {
    ...published,
    lastSeq: Object.fromEntries(Object.entries(lastSeq).map(([topic, seq]) => [topic, seq + by])),
  };
}
