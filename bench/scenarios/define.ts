/** What all scenarios have in common: which flags they heed, and plans of wishes. */

import { availableParallelism } from 'node:os';
import type { LoadPlan, OwnServer } from '../load/plan.ts';
import { askable } from '../load/samples.ts';
import { BenchError, type PlanWish, type Scenario, type Stage } from '../load/scenario.ts';

export type WishName = keyof PlanWish;

/** Every scenario of loads runs for as long as the user says. */
export const times = ['durationSec', 'warmUpSec', 'workers', 'rampSec'] as const satisfies readonly WishName[];

type Definition = Omit<Scenario, 'run'> & {
  /** What the user may choose; the rest is what the scenario is about. */
  readonly takes: readonly WishName[];
  run(stage: Stage): Promise<Awaited<ReturnType<Scenario['run']>>>;
};

/** A scenario that says so when it is asked for what it chooses itself. */
export function defineScenario({ name, summary, takes, run }: Definition): Scenario {
  return {
    name,
    summary,
    async run(stage) {
      const asked = (Object.keys(stage.wish) as WishName[]).filter((wish) => wish !== 'percentile'); // is not of the load
      const other = asked.find((wish) => !takes.includes(wish));
      if (other !== undefined) throw new BenchError(`${flagOf[other]}: the scenario ${name} sees to this itself`);
      return run(stage);
    },
  };
}

const flagOf: Readonly<Record<WishName, string>> = {
  target: '--url',
  connections: '--connections',
  workers: '--workers',
  rampSec: '--ramp',
  encoding: '--encoding',
  patterns: '--pattern',
  maxRate: '--max-rate',
  warmUpSec: '--warm-up',
  durationSec: '--duration',
  slow: '--slow',
  percentile: '--assert',
  topics: '--topics',
  rate: '--rate',
  payloadBytes: '--payload',
  burst: '--burst',
  publishers: '--publishers',
};

export type Wanted = {
  readonly label: string;
  readonly connections: number;
  readonly topics: number;
  /** On each topic. */
  readonly rate: number;
  readonly burst?: number;
  readonly payloadBytes?: number;
  readonly quietTopics?: number;
  readonly server?: OwnServer;
} & Partial<Pick<LoadPlan, 'encoding' | 'patterns' | 'maxRate' | 'slow' | 'durationSec' | 'warmUpSec' | 'readOneIn'>>;

const usual = { durationSec: 6, warmUpSec: 2, burst: 1, payloadBytes: 128 } as const;

/** A server of its own that publishes by itself; what the user wishes goes before what the scenario wants. */
export function planOf(wish: PlanWish, wanted: Wanted): LoadPlan {
  const { label, server = {}, maxRate, slow, quietTopics = 0, ...asked } = { ...usual, ...wanted, ...wish };
  const { connections, topics, rate, burst, payloadBytes, durationSec, warmUpSec } = asked;
  return {
    label,
    target: { kind: 'own', server },
    connections,
    workers: asked.workers ?? workersFor(connections),
    rampSec: asked.rampSec ?? 0,
    encoding: asked.encoding ?? 'msgpack',
    patterns: asked.patterns ?? ['bench.>'],
    source: { kind: 'feed', topics, rate, burst, payloadBytes, ...(quietTopics > 0 && { quietTopics }) },
    warmUpSec,
    durationSec,
    readOneIn: asked.readOneIn ?? 1,
    percentile: wish.percentile ?? hardest(topics * Math.min(rate, maxRate ?? rate) * durationSec),
    ...(maxRate !== undefined && { maxRate }),
    ...(slow !== undefined && { slow }),
  };
}

const mostEach = 5000; // connections of a process, so that many still have their core mostly for themselves

/** One for each core but the server's. */
export function workersFor(connections: number): number {
  const cores = Math.max(1, Math.min(4, availableParallelism() - 1));
  return Math.max(Math.min(cores, connections), Math.ceil(connections / mostEach));
}

/** What so many publications suffice for. */
function hardest(publications: number): NonNullable<LoadPlan['percentile']> {
  return askable.findLast(({ samples }) => publications >= samples)?.asked ?? 'p90';
}
