/** A report as the harness could have written it. */

import { encodeHistogram, newHistogram, percentilesMs, record } from '../../../bench/load/histogram.ts';
import type { LoadPlan } from '../../../bench/load/plan.ts';
import type { BenchReport, LoadResult, RunReport } from '../../../bench/load/report.ts';

export function reportOf(...runs: RunReport[]): BenchReport {
  return {
    format: 'tickwire-bench/1',
    scenario: 'custom',
    startedAt: '2026-05-17T12:00:00.000Z',
    machine: {
      cpu: 'Chip 9',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      system: 'Linux 6.1',
      node: '20.20.0',
      tickwire: '1.2.3',
    },
    runs,
  };
}

export function runOf(changes: Partial<LoadResult> = {}, rest: Partial<RunReport> = {}): RunReport {
  return { label: 'load', plan, load: { ...load, ...changes }, figures: [], doubts: [], ...rest };
}

const plan: LoadPlan = {
  label: 'load',
  target: { kind: 'own', server: {} },
  connections: 20,
  workers: 1,
  rampSec: 0,
  encoding: 'msgpack',
  patterns: ['bench.>'],
  source: { kind: 'feed', topics: 10, rate: 100, burst: 1, payloadBytes: 128 },
  warmUpSec: 1,
  durationSec: 5,
  slow: { share: 0.05, how: { kind: 'stall' } },
  readOneIn: 1,
};

const age = { count: 100_000, p50: 5.5, p90: 9.1, p99: 11.2, p999: 14.3, max: 31 };
const load: LoadResult = {
  connect: {
    asked: 20,
    opened: 20,
    failed: {},
    lost: 0,
    seconds: 0.25,
    timeMs: { count: 20, p50: 3.5, p90: 5.1, p99: 6.2, p999: 6.3, max: 7 },
  },
  seconds: 5,
  published: 5000,
  deliveries: 100_000,
  messages: 90_000,
  bytes: 15_000_000,
  latency: latency(),
  ageMs: age,
  fairness: { least: 4990, median: 5000, most: 5000 },
  ledger: { delivered: 99_990, conflated: 10, missed: 0, lost: 0, duplicates: 0 },
  server: { cpuSec: 1.25, cpuShare: 0.25, cpuSharePeak: 0.31, rssBytes: 80 * 2 ** 20 },
  clients: [{ cpuSec: 4.75, cpuShare: 0.95, cpuSharePeak: 1, rssBytes: 60 * 2 ** 20 }],
  publishers: [],
  timeline: [1.5, 2, 1.75, 2.5, 8].map((p99, i) => ({
    second: i + 1,
    deliveries: 20_000,
    p50: 0.5,
    p99,
    max: p99 + 1,
    serverCpu: 0.25,
    clientCpu: 0.95,
  })),
};

/** 1 to 10 ms, evenly. */
function latency(): NonNullable<LoadResult['latency']> {
  const histogram = newHistogram();
  for (let micros = 1001; micros <= 10_000; micros++) record(histogram, micros);
  const ms = percentilesMs(histogram);
  if (ms === undefined) throw new Error('nothing was recorded');
  const encoded = encodeHistogram(histogram);
  histogram.destroy();
  return { ms: { ...ms, p50: 0.51, p90: 0.9, p99: 2.04, p999: 8, max: 12.5 }, histogram: encoded };
}
