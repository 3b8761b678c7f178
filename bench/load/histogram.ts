/** HDR histograms of microseconds: recorded in the load processes, merged in the conductor. */

import hdr, { type Histogram } from 'hdr-histogram-js';
import type { Percentiles } from './report.ts';

export type { Histogram } from 'hdr-histogram-js';

const longestMicros = 3_600_000_000; // an hour: whatever waits for longer is not waiting any more
const digits = 3;

await hdr.initWebAssembly();

/** Empty, with three significant digits. Lives outside of the heap: whoever makes many calls `destroy`. */
export function newHistogram(): Histogram {
  return hdr.build({
    useWebAssembly: true,
    numberOfSignificantValueDigits: digits,
    highestTrackableValue: longestMicros,
    autoResize: false,
  });
}

/** Below 0 counts as 0: clocks of two machines may disagree by their uncertainty. */
export function record(histogram: Histogram, micros: number): void {
  histogram.recordValue(Math.min(longestMicros, Math.max(0, Math.round(micros))));
}

/** V2 encoding, compressed, in base64. */
export function encodeHistogram(histogram: Histogram): string {
  return hdr.encodeIntoCompressedBase64(histogram);
}

/** Adds what `encodeHistogram` gave. */
export function addEncoded(to: Histogram, encoded: string): void {
  const other = hdr.decodeFromCompressedBase64(encoded, 32, true);
  try {
    if (other.totalCount > 0) to.add(other);
  } finally {
    other.destroy();
  }
}

/** Undefined when nothing was recorded. */
export function percentilesMs(histogram: Histogram): Percentiles | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / 1000,
  };
}

/** Of nothing. */
export const noPercentiles: Percentiles = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };

/** The percentiles of many encoded ones together, and their sum encoded. */
export function merged(encoded: readonly string[]): { readonly ms: Percentiles | undefined; readonly encoded: string } {
  const sum = newHistogram();
  try {
    for (const one of encoded) addEncoded(sum, one);
    return { ms: percentilesMs(sum), encoded: encodeHistogram(sum) };
  } finally {
    sum.destroy();
  }
}
