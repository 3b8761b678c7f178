import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidTable } from '../../../../bench/load/worker/tid-table.ts';

test('it holds what a map holds', () => {
  const tid = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  const entry = fc.tuple(
    tid.filter((number) => number !== 0),
    fc.nat(),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.array(tid), (entries, others) => {
      const table = new TidTable();
      for (const [number, place] of entries) table.set(number, place);
      const map = new Map(entries);
      for (const number of [...map.keys(), ...others]) expect(table.get(number)).toBe(map.get(number));

      table.clear();
      for (const [number] of entries) expect(table.get(number)).toBeUndefined();
    }),
  );
});

test('tid 0 is no topic, whatever is in the table', () => {
  const table = new TidTable();
  table.set(7, 3);
  expect(table.get(0)).toBeUndefined();
  expect(() => table.set(0, 1)).toThrow('no topic has tid 0');
});
