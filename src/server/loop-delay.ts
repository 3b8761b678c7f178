/** How late the loop of this process is, as far as somebody wants to know: it is measured from the first question on. */

import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;

let monitor: IntervalHistogram | undefined;

/** Milliseconds at the 99th percentile since the question before this one; 0 at the first. */
export function loopDelayMs(): number {
  if (monitor === undefined) {
    monitor = monitorEventLoopDelay({ resolution: resolutionMs });
    monitor.enable();
    return 0;
  }
  const p99 = monitor.count === 0 ? 0 : monitor.percentile(99) / 1e6 - resolutionMs;
  monitor.reset();
  return Math.max(0, p99);
}
