import { expect, test } from 'vitest';
import { backoffDelayMs } from '../../src/client/backoff.ts';

const options = { minDelayMs: 250, maxDelayMs: 20_000 };

test('the ceiling doubles with each failure up to the longest wait, the floor stays', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 50, 5000].map((failures) => backoffDelayMs(failures, options, () => 1));
  expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
  expect([0, 3, 50].map((failures) => backoffDelayMs(failures, options, () => 0))).toEqual([250, 250, 250]);
});

test('chance spreads evenly between floor and ceiling', () => {
  expect(backoffDelayMs(2, options, () => 0.5)).toBe(1125);
});

test('100,000 clients cut at once are spread out: from the sixth try on, no 100 ms see more than 2 % of them', () => {
  const random = seeded(7);
  const at = new Float64Array(100_000);
  for (let failures = 0; failures < 12; failures++) {
    const buckets = new Map<number, number>();
    for (let client = 0; client < at.length; client++) {
      at[client]! += backoffDelayMs(failures, options, random);
      const bucket = Math.floor(at[client]! / 100);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
    const fullest = Math.max(...buckets.values()) / at.length;
    if (failures >= 5) expect(fullest).toBeLessThan(0.02);
    else expect(fullest).toBeLessThan(0.45);
  }
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
