import { expect, test } from 'vitest';
import { ReadingBudget } from '../../src/metrics/reading-budget.ts';

test('a burst is let by, and a flood gets a twentieth of the time', () => {
  const budget = new ReadingBudget(0);
  let readings = 0;
  for (let now = 0; now < 100_000; now += 10) {
    if (!budget.allows(now)) continue;
    budget.spend(10);
    readings++;
  }
  expect(readings).toBeGreaterThan(500);
  expect(readings).toBeLessThan(560); // 20 at first, then 5 a second
});

test('who asks each second is always answered anew', () => {
  const budget = new ReadingBudget(0);
  for (let now = 0; now < 600_000; now += 1000) {
    expect(budget.allows(now)).toBe(true);
    budget.spend(40);
  }
});
