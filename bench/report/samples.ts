/** Which percentiles of a run may be stated. */

import { doubtLimits } from '../load/conductor/doubts.ts';
import type { Percentiles } from '../load/report.ts';

export type PercentileName = keyof Omit<Percentiles, 'count'>;

export const percentileNames: Readonly<Record<PercentileName, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p999: 'p99.9',
  max: 'max',
};

const beyond: Readonly<Record<PercentileName, number>> = { p50: 0.5, p90: 0.1, p99: 0.01, p999: 0.001, max: 1 };

/** Whether so many samples leave enough of them beyond the percentile for it to be more than the luck of a few. */
export function isSupported(name: PercentileName, samples: number): boolean {
  return name === 'max' || samples * beyond[name] >= doubtLimits.samplesBeyond;
}
