/** A run in which nothing is wrong, to spoil in one place. */

import type { Evidence } from '../../../../bench/load/conductor/doubts.ts';
import type { LoadPlan } from '../../../../bench/load/plan.ts';
import type { LoadResult, Moment, Percentiles, ProcessUse } from '../../../../bench/load/report.ts';

export const somePlan: LoadPlan = {
  label: 'some',
  target: { kind: 'own', server: {} },
  connections: 100,
  workers: 1,
  rampSec: 0,
  encoding: 'msgpack',
  patterns: ['bench.>'],
  source: { kind: 'feed', topics: 10, rate: 200, burst: 10, payloadBytes: 64 },
  warmUpSec: 1,
  durationSec: 10,
  readOneIn: 1,
};

export function somePercentiles(scale = 1): Percentiles {
  return { count: 2_000_000, p50: scale, p90: 2 * scale, p99: 4 * scale, p999: 8 * scale, max: 16 * scale };
}

export function someUse(cpuShare = 0.3): ProcessUse {
  return { cpuSec: cpuShare * 10, cpuShare, cpuSharePeak: cpuShare, rssBytes: 100_000_000 };
}

export function someLoad(spoilt: Partial<LoadResult> = {}): LoadResult {
  return {
    connect: { asked: 100, opened: 100, failed: {}, lost: 0, seconds: 1, timeMs: somePercentiles() },
    seconds: 10,
    published: 20_000,
    deliveries: 2_000_000,
    messages: 200_000,
    bytes: 160_000_000,
    latency: { ms: somePercentiles(), histogram: '' },
    fairness: { least: 20_000, median: 20_000, most: 20_000 },
    ledger: { delivered: 2_000_000, conflated: 0, missed: 0, lost: 0, duplicates: 0 },
    server: someUse(),
    clients: [someUse()],
    publishers: [],
    timeline: someTimeline(0.3),
    ...spoilt,
  };
}

export function someTimeline(...clientCpu: readonly number[]): Moment[] {
  return Array.from({ length: 10 }, (_, i) => ({
    second: i + 1,
    deliveries: 200_000,
    p50: 1,
    p99: 4,
    max: 16,
    clientCpu: clientCpu[i % clientCpu.length]!,
  }));
}

export function someEvidence(spoilt: Partial<Evidence> = {}): Evidence {
  return {
    plan: somePlan,
    load: someLoad(),
    timersLateMs: [Array.from({ length: 10 }, () => 2)],
    publishersLateMs: undefined,
    ...spoilt,
  };
}
