import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeSeries } from '../../src/dashboard/draw/time-series.ts';

const steps = fc.array(fc.record({ gap: fc.integer({ min: -5, max: 40 }), value: fc.integer() }), { maxLength: 400 });

test('whatever is pushed, it holds what a plain list would: by time, within the span, and no more than the most', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 600 }), (pushes, most, spanMs) => {
      const series = new TimeSeries(1, spanMs, most);
      let model: [at: number, value: number][] = [];
      let at = 1000;
      for (const { gap, value } of pushes) {
        const time = at + gap;
        series.push(time, value);
        const newest = model.at(-1)?.[0];
        if (newest !== undefined && time < newest) continue;
        if (newest === time) model.pop();
        model.push([time, value]);
        if (newest !== time) model = model.filter(([when]) => when >= time - spanMs).slice(-most);
        at = time;
        expect(series.newest).toBe(time);
        const [times, values] = series.columns();
        expect([...times!].map((when, i) => [when, values![i]])).toEqual(model);
      }
    }),
  );
});

test('what is no time is dropped, and what is missing of a point is no value', () => {
  const series = new TimeSeries(2, 1000);
  series.push(Number.NaN, 1, 2);
  series.push(Number.POSITIVE_INFINITY, 1, 2);
  expect(series.length).toBe(0);
  series.push(1, 7);
  expect(series.columns().map((column) => [...column])).toEqual([[1], [7], [Number.NaN]]);
});

test('a day of ten points a second takes no more memory than its most', () => {
  const series = new TimeSeries(1, 86_400_000, 1000);
  for (let i = 0; i < 864_000; i++) series.push(i * 100, i);
  expect(series.length).toBe(1000);
  expect(series.columns()[0]!.buffer.byteLength).toBeLessThanOrEqual(4000 * 8);
});

test('whoever follows it hears of each change, until that ends', () => {
  const series = new TimeSeries(1, 1000);
  let changes = 0;
  const end = series.onChange(() => changes++);
  series.push(1, 10);
  series.push(1, 11);
  series.push(0, 12); // too late
  series.clear();
  expect(changes).toBe(3);
  end();
  series.push(2, 13);
  expect(changes).toBe(3);
});
