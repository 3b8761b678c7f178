import { expect, test } from 'vitest';
import { allocatedBytes } from '../../../bench/micro/allocation.ts';
import { efforts } from '../../../bench/micro/effort.ts';
import type { Part } from '../../../bench/micro/operation.ts';
import { parts } from '../../../bench/micro/parts/index.ts';
import { runPart } from '../../../bench/micro/run-parts.ts';
import { showResults } from '../../../bench/micro/show.ts';

const few = { batches: 3, mostRuns: 1000 };

test('parts go by names of their own', () => {
  expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
});

for (const part of parts) {
  test(`${part.name}: every operation gives a time and what it allocates, every comparison a ratio`, async () => {
    const { costs, ratios } = await runPart(part, efforts.least);
    expect(costs.length).toBeGreaterThan(0);
    expect(new Set(costs.map(({ operation }) => operation)).size).toBe(costs.length);
    for (const { nanoseconds, allocatedBytes } of costs) {
      expect(nanoseconds.median).toBeGreaterThan(0);
      expect(nanoseconds.low).toBeLessThanOrEqual(nanoseconds.median);
      expect(nanoseconds.high).toBeGreaterThanOrEqual(nanoseconds.median);
      expect(allocatedBytes).toBeGreaterThanOrEqual(0);
    }
    for (const { ratio } of ratios) expect(ratio.median).toBeGreaterThan(0);
  });
}

test('a quote takes 36 bytes', async () => {
  const quote = parts.find(({ name }) => name === 'quote') as Part;
  expect(quote.make(1).facts).toEqual([expect.stringContaining('36 bytes')]);
});

test('what is allocated on the heap is found, and what hangs on it', () => {
  expect(allocatedBytes(() => new Array(1000).fill(0.5), few)).toBeGreaterThanOrEqual(8000);
  expect(allocatedBytes(() => new ArrayBuffer(50_000), few)).toBeGreaterThanOrEqual(50_000);
});

test('what allocates nothing allocates less than a byte', () => {
  let sum = 0;
  const add = () => {
    sum = (sum + 1) & 0xff;
  };
  expect(allocatedBytes(add, { batches: 3, mostRuns: 100_000 })).toBeLessThan(1);
});

test('results are shown as a table, a ratio with what it must stay under, a fact as it is', () => {
  const costs = [
    { operation: 'open', nanoseconds: { low: 1000, median: 1234.4, high: 2000 }, allocatedBytes: 24.04 },
    { operation: 'shut at once', nanoseconds: { low: 1, median: 2, high: 3 }, allocatedBytes: Number.NaN },
  ];
  const ratios = [
    { comparison: 'a ÷ b', ratio: { min: 1, median: 2, max: 3 }, below: 2 },
    { comparison: 'b ÷ a', ratio: { min: 1, median: 1, max: 1 } },
  ];
  expect(showResults([{ part: 'door', costs, ratios, facts: ['it is green'] }]).split('\n')).toEqual([
    'operation           ns, median  half of them  bytes allocated',
    'door: open               1,234   1,000–2,000             24.0',
    'door: shut at once         2.0       1.0–3.0                ?',
    'door: a ÷ b: 2.00 (1.00–3.00) times; DOES NOT HOLD: below 2',
    'door: b ÷ a: 1.00 (1.00–1.00) times',
    'door: it is green',
  ]);
});
