import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../../bench/load/conductor/check-plan.ts';
import type { LoadPlan } from '../../../bench/load/plan.ts';
import type { RunReport } from '../../../bench/load/report.ts';
import type { PlanWish, Scenario, Stage } from '../../../bench/load/scenario.ts';
import { compression } from '../../../bench/scenarios/compression.ts';
import { conflation } from '../../../bench/scenarios/conflation.ts';
import { encodings } from '../../../bench/scenarios/encodings.ts';
import { fixedRate } from '../../../bench/scenarios/fixed-rate.ts';
import { scenarios } from '../../../bench/scenarios/index.ts';
import { manyTopics } from '../../../bench/scenarios/many-topics.ts';
import { patternFanOut } from '../../../bench/scenarios/pattern-fan-out.ts';
import { saturation } from '../../../bench/scenarios/saturation.ts';
import { slowConsumers } from '../../../bench/scenarios/slow-consumers.ts';
import { tls } from '../../../bench/scenarios/tls.ts';
import { someLoad, somePercentiles, someUse } from '../load/support/some-load.ts';

/** Runs no load, and says what plans there were. */
async function rehearse(
  scenario: Scenario,
  answer: (plan: LoadPlan) => Partial<RunReport> = some,
  wish: PlanWish = {},
) {
  const plans: LoadPlan[] = [];
  const stage: Stage = {
    wish,
    progress: () => {},
    signal: new AbortController().signal,
    async load(plan) {
      checkPlan(plan);
      plans.push(plan);
      return { label: plan.label, plan, figures: [], doubts: [], ...answer(plan) };
    },
  };
  return { plans, runs: await scenario.run(stage) };
}

const some = (): Partial<RunReport> => ({ load: someLoad() });

describe('every scenario', () => {
  test('has a name that can be typed, and a summary that fits into the list', () => {
    for (const { name, summary } of scenarios) {
      expect(name).toMatch(/^[a-z-]{3,16}$/);
      expect(summary.length).toBeLessThanOrEqual(60);
    }
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s refuses a flag that it has no use for',
    async (name, scenario) => {
      const refused = { name: 'BenchError', message: `--publishers: the scenario ${name} sees to this itself` };
      await expect(rehearse(scenario, some, { publishers: 3 })).rejects.toMatchObject(refused);
    },
  );

  test.each([fixedRate, manyTopics, patternFanOut, slowConsumers, conflation, encodings, compression, tls])(
    '$name makes plans that make sense, runs them as long as the user says, and labels each by another name',
    async (scenario) => {
      const { plans, runs } = await rehearse(scenario, some, { durationSec: 2, percentile: 'p99' });
      expect(plans.length).toBeGreaterThan(1);
      expect(new Set(runs.map(({ label }) => label)).size).toBe(plans.length);
      for (const plan of plans)
        expect(plan).toMatchObject({ durationSec: 2, percentile: 'p99', target: { kind: 'own' } });
    },
  );
});

test('at a fixed rate the deliveries are the same, however many connections share them', async () => {
  const { plans } = await rehearse(fixedRate);
  const deliveries = plans.map(({ connections, source }) => connections * ('rate' in source ? source.rate : 0));
  expect(deliveries).toEqual([100_000, 100_000, 100_000]);
});

test('what a publication costs among many topics is compared by the CPU of each round', async () => {
  const cost = ({ source }: LoadPlan) => {
    if (source.kind !== 'feed') return Number.NaN;
    return source.quietTopics === undefined ? source.topics / 100 : 0.104;
  };
  const { runs } = await rehearse(manyTopics, (plan) => ({ load: someLoad({ server: someUse(cost(plan)) }) }));
  const figures = Object.fromEntries(runs.at(-1)!.figures.map(({ name, value }) => [name, value]));
  expect(figures['few among many, to few']).toBeCloseTo(1.04);
  expect(figures['many, to few']).toBeCloseTo(1000);
});

test('what compression saves is told for each size, to the same without it', async () => {
  const { runs } = await rehearse(compression, ({ target }) => {
    const isCompressed = target.kind === 'own' && 'compressFromBytes' in target.server;
    return {
      load: someLoad({ bytes: isCompressed ? 40_000_000 : 160_000_000, server: someUse(isCompressed ? 0.6 : 0.3) }),
    };
  });
  expect(runs.map(({ figures }) => figures.filter(({ unit }) => unit === 'times').map(({ value }) => value))).toEqual([
    [],
    [0.25, 2],
    [],
    [0.25, 2],
  ]);
});

test('slow consumers are compared by what the others feel', async () => {
  const { runs } = await rehearse(slowConsumers, ({ slow }) => ({
    load: someLoad({ latency: { ms: somePercentiles(slow === undefined ? 1 : 1.5), histogram: '' } }),
  }));
  expect(runs.map(({ figures }) => figures.map(({ value }) => value))).toEqual([[], [1.5, 1.5], [1.5, 1.5]]);
});

describe('saturation', () => {
  /** A server, or a load process, that bears so many deliveries a second. */
  const bears = (most: number, doubt?: RunReport['doubts'][number]) => (plan: LoadPlan) => {
    const isBorne = deliveriesPerSec(plan) <= most;
    const latency = { ms: somePercentiles(isBorne || doubt !== undefined ? 1 : 1000), histogram: '' };
    return { load: someLoad({ latency }), doubts: isBorne || doubt === undefined ? [] : [doubt] };
  };

  test('comes within half an octave of the most that is borne', async () => {
    const { runs } = await rehearse(saturation, bears(700_000));
    expect(runs.map(({ plan }) => Math.round(deliveriesPerSec(plan!)))).toEqual([565_685, 565_685, 565_685]);
  });

  test('does not take what it must not believe for the most', async () => {
    const doubt = { kind: 'generator busy', message: 'it was' } as const;
    const { runs } = await rehearse(saturation, bears(500_000, doubt));
    for (const { plan, doubts } of runs) {
      expect(deliveriesPerSec(plan!)).toBeLessThanOrEqual(500_000);
      expect(doubts).toEqual([]);
    }
  });

  test('says so when even the least is too much', async () => {
    const { runs } = await rehearse(saturation, bears(1));
    expect(runs.map(({ doubts }) => doubts.map(({ kind }) => kind))).toEqual(Array(3).fill(['rate not reached']));
  });
});

function deliveriesPerSec({ connections, source }: LoadPlan): number {
  return 'rate' in source ? connections * source.topics * source.rate : 0;
}
