/** How many samples of latency a run has, and how many each percentile needs. */

import type { LoadPlan } from './plan.ts';
import type { LoadResult, Percentiles } from './report.ts';

export type PercentileName = keyof Omit<Percentiles, 'count'>;

export const percentileNames = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', max: 'max' } as const;

const samplesBeyond = 10; // so that a percentile is more than the luck of a few

/** With fewer, not enough of them lie beyond the percentile. One is enough to have a maximum. */
export const samplesNeeded: Readonly<Record<PercentileName, number>> = {
  p50: samplesBeyond * 2,
  p90: samplesBeyond * 10,
  p99: samplesBeyond * 100,
  p999: samplesBeyond * 1000,
  max: 0,
};

/** Which of those that a plan may ask for, the easiest first. */
export const askable: readonly { readonly asked: NonNullable<LoadPlan['percentile']>; readonly samples: number }[] = [
  { asked: percentileNames.p90, samples: samplesNeeded.p90 },
  { asked: percentileNames.p99, samples: samplesNeeded.p99 },
  { asked: percentileNames.p999, samples: samplesNeeded.p999 },
];

/** Deliveries of one publication come together, so they are one sample; where it is not known, one connection's. */
export function latencySamples({ published, latency, fairness }: LoadResult): number {
  return Math.min(published ?? fairness.most, latency?.ms.count ?? 0);
}
