import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Row, Table } from '../../src/bus/table.ts';

test('a row is set, replaced and removed; each tells what was there before', () => {
  const table = new Table();
  expect(table.set('a', [1], 1, 10)).toBeUndefined();
  expect(table.set('b', [2], 2, 20)).toBeUndefined();
  expect(table.set('a', [3], 3, 30)).toEqual([1]);
  expect(copies(table.rows())).toEqual([
    { key: 'b', values: [2], seq: 2, ts: 20 },
    { key: 'a', values: [3], seq: 3, ts: 30 },
  ]);
  expect(table.remove('b', 4, 40)).toEqual([2]);
  expect(table.get('b')).toBeUndefined();
  expect(table.get('a')).toEqual([3]);
  expect(table.size).toBe(1);
});

test('the removal of what is not there is a change too', () => {
  const table = new Table();
  expect(table.remove('x', 1, 10)).toBeUndefined();
  expect(table.size).toBe(0);
  expect(copies(table.changesSince(0)!)).toEqual([{ key: 'x', values: undefined, seq: 1, ts: 10 }]);
});

test('removals are forgotten, the oldest first, when there are more than 64 and than rows', () => {
  const table = new Table();
  let seq = 0;
  for (let i = 0; i < 64; i++) table.remove(`gone${i}`, ++seq, 0);
  expect(table.changesSince(0)).toHaveLength(64);
  table.remove('one more', ++seq, 0);
  expect(table.changesSince(0)).toBeUndefined();
  expect(table.changesSince(1)).toHaveLength(64);
  for (let i = 0; i < 300; i++) table.set(`row${i}`, [i], ++seq, 0);
  const before = seq;
  for (let i = 0; i < 150; i++) table.remove(`row${i}`, ++seq, 0);
  expect(table.changesSince(before)).toHaveLength(150);
  table.remove('row150', ++seq, 0); // now there are more removals than rows
  expect(table.changesSince(before)).toBeUndefined();
});

test('a large table that is emptied ends with few removals to remember', () => {
  const table = new Table();
  for (let i = 1; i <= 1000; i++) table.set(`${i}`, [], i, 0);
  for (let i = 1; i <= 1000; i++) table.remove(`${i}`, 1000 + i, 0);
  expect(table.changesSince(2000 - 64)).toHaveLength(64);
  expect(table.changesSince(2000 - 65)).toBeUndefined();
});

test('in whatever order rows come and go, it is what a plain list of changes says', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 150 }), isRemoval: fc.constantFrom(true, true, false) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), fc.nat(400), (steps, from) => {
      const table = new Table();
      const last = new Map<string, Row>();
      let floor = 0;
      for (const [i, { key: n, isRemoval }] of steps.entries()) {
        const key = `k${n}`;
        const before = last.get(key)?.values;
        const row: Row = { key, values: isRemoval ? undefined : [i], seq: i + 1, ts: i * 10 };
        const told = isRemoval ? table.remove(key, row.seq, row.ts) : table.set(key, [i], row.seq, row.ts);
        expect(told).toEqual(before);
        last.delete(key); // so that the map is in the order of the last change
        last.set(key, row);
        const removed = [...last.values()].filter(({ values }) => values === undefined);
        const forgotten = isRemoval ? removed.length - Math.max(64, last.size - removed.length) : 0;
        for (const { key, seq } of removed.slice(0, Math.max(0, forgotten))) {
          last.delete(key);
          floor = seq;
        }
      }
      const all = [...last.values()];
      const rows = all.filter(({ values }) => values !== undefined);
      expect(copies(table.rows())).toEqual(rows);
      expect(table.size).toBe(rows.length);
      for (const since of [from, floor, floor - 1]) {
        const changes = table.changesSince(since);
        expect(changes && copies(changes)).toEqual(since < floor ? undefined : all.filter(({ seq }) => seq > since));
      }
      expect(table.changesSince(steps.length)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

function copies(rows: Iterable<Row>): Row[] {
  return [...rows].map(({ key, values, seq, ts }) => ({ key, values, seq, ts }));
}
