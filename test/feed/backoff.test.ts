import { expect, test } from 'vitest';
import { createBackoff, retryDefaults } from '../../src/feed/backoff.ts';

test('the ceiling doubles from attempt to attempt up to the greatest delay', () => {
  const backoff = createBackoff(retryDefaults, () => 1);
  const delays = Array.from({ length: 8 }, () => backoff.afterFailure(0));
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('jitter covers all between the least delay and the ceiling', () => {
  for (const [chance, delay] of [
    [0, 500],
    [0.5, 750],
    [0.9, 950],
  ] as const) {
    expect(createBackoff(retryDefaults, () => chance).afterFailure(0)).toBe(delay);
  }
});

test('a run that lasted long enough begins a new count', () => {
  const backoff = createBackoff(retryDefaults, () => 1);
  backoff.afterFailure(0);
  expect(backoff.afterFailure(59_999)).toBe(2000);
  expect(backoff.afterFailure(60_000)).toBe(1000);
});

test('the feed may ask for its own delay, and that attempt counts', () => {
  const backoff = createBackoff({ ...retryDefaults, maxAttempts: 2 }, () => 1);
  expect(backoff.afterFailure(0, 5000)).toBe(5000);
  expect(backoff.afterFailure(0)).toBe(2000);
  expect(backoff.afterFailure(0, 5000)).toBeUndefined();
});

test('a greatest delay below the least one gives the least', () => {
  expect(createBackoff({ ...retryDefaults, maxDelayMs: 10 }, () => 1).afterFailure(0)).toBe(500);
});
