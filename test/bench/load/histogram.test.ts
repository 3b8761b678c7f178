import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHistogram, merged, newHistogram, percentilesMs, record } from '../../../bench/load/histogram.ts';

test('histograms that were sent and merged tell what one over all values tells', () => {
  const micros = fc.integer({ min: 0, max: 100_000_000 });
  fc.assert(
    fc.property(fc.array(fc.array(micros, { maxLength: 30 }), { minLength: 1, maxLength: 5 }), (parts) => {
      const { ms } = merged(parts.map((values) => encoded(values)));
      expect(ms).toEqual(merged([encoded(parts.flat())]).ms);
    }),
  );
});

test('percentiles are exact to three digits', () => {
  const { ms } = merged([encoded(Array.from({ length: 100_000 }, (_, i) => i + 1))]);
  expect(ms?.count).toBe(100_000);
  for (const [name, exact] of [
    ['p50', 50],
    ['p90', 90],
    ['p99', 99],
    ['p999', 99.9],
    ['max', 100],
  ] as const) {
    expect(Math.abs(ms![name] - exact) / exact).toBeLessThan(0.001);
  }
});

test('nothing recorded is no percentile, and merging it changes nothing', () => {
  expect(merged([]).ms).toBeUndefined();
  expect(merged([encoded([])]).ms).toBeUndefined();
  expect(merged([encoded([]), encoded([1000])]).ms).toMatchObject({ count: 1, p50: 1, max: 1 });
});

test('what cannot be is recorded at the bounds', () => {
  const histogram = newHistogram();
  record(histogram, -5);
  record(histogram, Number.POSITIVE_INFINITY);
  expect(percentilesMs(histogram)).toMatchObject({ count: 2, p50: 0 });
  expect(percentilesMs(histogram)?.max).toBeGreaterThanOrEqual(3_600_000);
  histogram.destroy();
});

function encoded(values: readonly number[]): string {
  const histogram = newHistogram();
  for (const value of values) record(histogram, value);
  const text = encodeHistogram(histogram);
  histogram.destroy();
  return text;
}
