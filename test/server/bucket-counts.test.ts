import { expect, test } from 'vitest';
import { BucketCounts } from '../../src/server/bucket-counts.ts';

test('a value counts in the first bucket whose bound it does not exceed', () => {
  const buckets = new BucketCounts([1, 2, 5]);
  for (const value of [0, 1, 1.5, 2, 5, 5.1, 100]) buckets.observe(value);
  expect(buckets.counts).toEqual([2, 2, 1, 2]);
  expect(buckets.sum).toBeCloseTo(114.6);
});

test('what somebody else has counted is added, its sum by the bounds', () => {
  const buckets = new BucketCounts([1, 2, 5]);
  buckets.observe(3);
  buckets.merge([1, 0, 2, 1]);
  expect(buckets.counts).toEqual([1, 0, 3, 1]);
  expect(buckets.sum).toBe(3 + 1 + 2 * 5 + 5);
});
