/** Latency over percentiles, from the histogram of a run. */

import hdr from 'hdr-histogram-js';

/** How many times rarer than all samples a point is (1: all, 100: p99), and how long it took at least. */
export type LatencyCurve = { readonly oneIn: readonly number[]; readonly ms: readonly number[] };

const pointsPerTen = 8;

/** Up to what happened once in all `samples`; beyond it there is nothing to be known. */
export function latencyCurve(histogram: string, samples: number): LatencyCurve {
  const decoded = hdr.decodeFromCompressedBase64(histogram, 32, false);
  const points = Math.max(0, Math.floor(Math.log10(Math.max(1, samples)) * pointsPerTen));
  const oneIn = Array.from({ length: points + 1 }, (_, i) => 10 ** (i / pointsPerTen));
  return { oneIn, ms: oneIn.map((rare) => decoded.getValueAtPercentile(100 * (1 - 1 / rare)) / 1000) };
}
