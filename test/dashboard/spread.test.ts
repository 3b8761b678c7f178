import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spread } from '../../src/dashboard/views/weather/spread.ts';

test('marks that stand free stay where they are', () => {
  const spots = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  expect(spread(spots, 9)).toEqual(spots);
});

test('wherever a few dozen marks are, no two hide each other in the end', () => {
  const spot = fc.record({
    x: fc.double({ min: -100, max: 100, noNaN: true }),
    y: fc.double({ min: -50, max: 50, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(spot, { maxLength: 32 }), (spots) => {
      const moved = spread(spots, 6);
      for (const [i, a] of moved.entries()) {
        for (const b of moved.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(6 * 0.75);
      }
    }),
  );
});
