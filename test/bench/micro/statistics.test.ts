import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianGrowth } from '../../../bench/micro/allocation.ts';
import { ratioOf } from '../../../bench/micro/ratio.ts';
import { formatSpread, spread } from '../../../bench/support/statistics.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test('a spread is the least, the middle and the greatest of its values, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), (values) => {
      const { min, median, max } = spread(values);
      expect(values.filter((value) => value < min || value > max)).toEqual([]);
      expect(values).toContain(median);
      expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
      expect(spread(values.toReversed())).toEqual({ min, median, max });
    }),
  );
});

test('a spread of nothing is refused', () => {
  expect(() => spread([])).toThrow(RangeError);
});

test('a spread shows its median, and its ends in parentheses', () => {
  expect(formatSpread(spread([3, 1, 2]))).toBe('2.00 (1.00–3.00)');
  expect(formatSpread(spread([3, 1, 2]), 0)).toBe('2 (1–3)');
});

test('batches in which memory was collected have no say in what is allocated', () => {
  const growths = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 });
  const collected = fc.array(fc.integer({ min: -1e9, max: -1 }));
  fc.assert(
    fc.property(growths, collected, (whole, shrunk) => {
      expect(medianGrowth([...shrunk, ...whole])).toBe(spread(whole).median);
    }),
  );
});

test('when memory was collected in every batch, nobody knows what was allocated', () => {
  expect(medianGrowth([-1_000_000])).toBeNaN();
});

test('work ten times as much costs more, and both take turns to go first', () => {
  const order: string[] = [];
  const work = (name: string, ms: number) => ({ name, run: () => order.push(name) + wait(ms) });
  const comparison = { name: 'ten ÷ one', dividend: work('ten', 10), divisor: work('one', 1) };

  const { min, max } = ratioOf(comparison, { rounds: 2, roundMs: 1 });

  expect(min).toBeGreaterThan(0);
  expect(max).toBeGreaterThanOrEqual(min);
  const turns = order.filter((name, i) => name !== order[i - 1]);
  expect(turns).toEqual(['ten', 'one', 'ten', 'one', 'one', 'ten'].filter((name, i, all) => name !== all[i - 1]));
});

test('a run of many operations counts as many', () => {
  const run = () => wait(2);
  const comparison = {
    name: 'many ÷ one',
    dividend: { name: 'many', run, perRun: 1e9 },
    divisor: { name: 'one', run },
  };
  expect(ratioOf(comparison, { rounds: 1, roundMs: 1 }).max).toBeLessThan(0.001);
});

/** Keeps the processor busy. */
function wait(ms: number): number {
  const until = performance.now() + ms;
  let turns = 0;
  while (performance.now() < until) turns++;
  return turns;
}
