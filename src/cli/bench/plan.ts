/** Flags as what a load run is asked for, and what contradicts itself. */

import { availableParallelism } from 'node:os';
import type { LoadPlan, Source, Stamped } from '../../../bench/load/plan.ts';
import { BenchError, type PlanWish } from '../../../bench/load/scenario.ts';
import { topicName } from '../../../bench/load/topic-names.ts';
import { matches } from '../../protocol/topic.ts';
import { checkPattern } from '../patterns.ts';
import type { BenchFlags } from './flags.ts';

/** About a quarter of a minute, publications enough for p99.9, and less than a core of a laptop. */
export const planDefaults = {
  connections: 100,
  topics: 10,
  rate: 100,
  burst: 1,
  payloadBytes: 128,
  durationSec: 12,
  warmUpSec: 2,
} as const;

const mostWorkers = 4; // more are for machines whose owners know what they want

/** What scenarios are told of the flags. */
export function wishOf(flags: BenchFlags): PlanWish {
  const { url, serverPid: pid, pattern, payload, duration, warmUp, ramp, assert = [], ...rest } = flags;
  const percentile = (['p99.9', 'p99', 'p90'] as const).find((one) => assert.some(({ name }) => name === one));
  const { connections, topics, rate, burst, publishers, encoding, maxRate, slow, workers } = rest;
  return {
    ...(url !== undefined && { target: { kind: 'url', url, ...(pid !== undefined && { pid }) } }),
    ...(pattern !== undefined && { patterns: pattern }),
    ...(payload !== undefined && { payloadBytes: payload }),
    ...(duration !== undefined && { durationSec: duration }),
    ...(warmUp !== undefined && { warmUpSec: warmUp }),
    ...(ramp !== undefined && { rampSec: ramp }),
    ...(connections !== undefined && { connections }),
    ...(topics !== undefined && { topics }),
    ...(rate !== undefined && { rate }),
    ...(burst !== undefined && { burst }),
    ...(publishers !== undefined && { publishers }),
    ...(encoding !== undefined && { encoding }),
    ...(maxRate !== undefined && { maxRate }),
    ...(slow !== undefined && { slow }),
    ...(workers !== undefined && { workers }),
    ...(percentile !== undefined && { percentile }),
  };
}

/** One run of what the flags say, with defaults where they say nothing. Throws BenchError for what contradicts itself. */
export function planOf(wish: PlanWish, cores = availableParallelism()): LoadPlan {
  const { connections = planDefaults.connections, target = { kind: 'own', server: {} } } = wish;
  const source = sourceOf(wish);
  const patterns = wish.patterns ?? [source.kind === 'existing' ? '>' : 'bench.>'];
  checkPatterns(patterns, source);
  return {
    label: 'load',
    target,
    connections,
    workers: wish.workers ?? Math.max(1, Math.min(mostWorkers, cores - 1, connections)),
    rampSec: wish.rampSec ?? 0,
    encoding: wish.encoding ?? 'msgpack',
    patterns,
    source,
    warmUpSec: wish.warmUpSec ?? planDefaults.warmUpSec,
    durationSec: wish.durationSec ?? planDefaults.durationSec,
    readOneIn: 1,
    percentile: wish.percentile ?? 'p99',
    ...(wish.maxRate !== undefined && { maxRate: wish.maxRate }),
    ...(wish.slow !== undefined && { slow: wish.slow }),
  };
}

function sourceOf(wish: PlanWish): Source {
  const { topics, rate, burst, payloadBytes, publishers } = { ...planDefaults, ...wish };
  const stamped: Stamped = { topics, rate, burst, payloadBytes };
  if (publishers !== undefined) return { kind: 'publishers', publishers, ...stamped };
  return wish.target?.kind === 'url' ? { kind: 'existing' } : { kind: 'feed', ...stamped };
}

function checkPatterns(patterns: readonly string[], source: Source): void {
  for (const pattern of patterns) {
    const first = pattern.replaceAll('{n}', '0');
    checkPattern(first);
    if (source.kind !== 'existing') checkSelects(pattern, first, source.topics);
    else if (first !== pattern) {
      throw new BenchError(
        `--pattern ${pattern}: {n} goes with topics of the load, and this server publishes its own; add --publishers`,
      );
    }
  }
}

function checkSelects(pattern: string, first: string, topics: number): void {
  const names = Array.from({ length: topics }, (_, number) => topicName(number));
  if (names.some((name) => matches(first, name))) return;
  throw new BenchError(
    `--pattern ${pattern} selects none of the topics of the load, which are ${names[0]} to ${names.at(-1)}`,
  );
}
