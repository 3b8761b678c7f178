/** How many samples of latency a run has. */

import type { LoadResult } from './report.ts';

/** Deliveries of one publication come together, so they are one sample; where it is not known, one connection's. */
export function latencySamples({ published, latency, fairness }: LoadResult): number {
  return Math.min(published ?? fairness.most, latency?.ms.count ?? 0);
}
