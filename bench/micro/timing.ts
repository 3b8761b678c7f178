/** How long work takes. The only file that knows mitata. */

import { measure } from 'mitata';
import { runTimes } from './kept.ts';

/** Nanoseconds of one run: half of the samples lie between `low` and `high`. */
export type Timing = { readonly low: number; readonly median: number; readonly high: number };

const batchRuns = 128; // a sample of quick work is the mean of so many: the clock is read once for all of them

/** Warms it up first, as long as it is timed then: what the compiler has not seen yet is slower, and allocates more. */
export async function timeOf(run: () => unknown, timeMs: number): Promise<Timing> {
  const warmAt = performance.now() + timeMs;
  while (performance.now() < warmAt) runTimes(run, 1);
  const { p25, p50, p75 } = await measure(() => runTimes(run, 1), {
    gc: false,
    min_cpu_time: timeMs * 1e6,
    batch_samples: batchRuns,
  });
  return { low: p25, median: p50, high: p75 };
}
