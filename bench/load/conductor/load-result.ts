/** From what processes saw to what a run found. Pure: the same answers give the same result. */

import { sum } from '../../support/statistics.ts';
import { merged, noPercentiles } from '../histogram.ts';
import type { Connect, Latency, LedgerSums, LoadResult } from '../report.ts';
import type { Published } from '../source/tally.ts';
import type { Account, Opened, Sample } from '../worker/worker-protocol.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Measured } from './measure.ts';

export type Seen = {
  readonly asked: number;
  readonly opened: readonly Opened[];
  readonly measured: Measured;
  readonly published: Published | undefined;
  readonly accounts: readonly Account[];
  /** What came after the window of what was due in it. */
  readonly late: readonly Sample[];
  readonly offset: ClockOffset | undefined;
};

export function loadResult({ asked, opened, measured, published, accounts, late, offset }: Seen): LoadResult {
  const samples = [...measured.early, ...measured.samples.flat(), ...late];
  const lost = sum(late, (sample) => sample.lost);
  const latency = latencyOf(
    samples.map((sample) => sample.latency),
    offset,
  );
  const { ms: ageMs } = merged(samples.map(({ age }) => age));
  const { server, publishers } = measured;
  return {
    connect: { ...connectOf(asked, opened), lost },
    seconds: measured.seconds,
    ...(published !== undefined && { published: published.inWindow }),
    deliveries: sum(samples, (sample) => sample.deliveries),
    messages: sum(samples, (sample) => sample.messages),
    bytes: sum(samples, (sample) => sample.bytes),
    ...(latency !== undefined && { latency }),
    ...(ageMs !== undefined && { ageMs }),
    fairness: fairnessOf(accounts.flatMap(({ deliveriesOf }) => deliveriesOf)),
    ledger: ledgerOf(accounts),
    ...(server !== undefined && { server }),
    clients: measured.clients,
    publishers: publishers === undefined ? [] : [publishers],
    timeline: measured.timeline,
  };
}

/** Of all load processes. */
export function connectOf(asked: number, opened: readonly Opened[]): Omit<Connect, 'lost'> {
  return {
    asked,
    opened: sum(opened, (one) => one.opened),
    failed: countsOf(opened.map(({ failed }) => failed)),
    seconds: Math.max(0, ...opened.map(({ seconds }) => seconds)),
    timeMs: merged(opened.map(({ times }) => times)).ms ?? noPercentiles,
  };
}

export function ledgerOf(accounts: readonly Account[]): LedgerSums {
  const of = (field: keyof LedgerSums) => sum(accounts, ({ sums }) => sums[field]);
  return {
    delivered: of('delivered'),
    conflated: of('conflated'),
    missed: of('missed'),
    lost: of('lost'),
    duplicates: of('duplicates'),
  };
}

/** Adds up what has the same name. */
export function countsOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries<number>)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function latencyOf(encoded: readonly string[], offset: ClockOffset | undefined): Latency | undefined {
  const { ms, encoded: histogram } = merged(encoded);
  if (ms === undefined) return undefined;
  return { ms, histogram, ...(offset !== undefined && { uncertaintyMs: offset.uncertaintyMs }) };
}

function fairnessOf(deliveries: readonly number[]): LoadResult['fairness'] {
  const sorted = deliveries.toSorted((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
}
