import { expect, test } from 'vitest';
import {
  age,
  bytes,
  clockTime,
  compact,
  field,
  figure,
  fixed,
  plotted,
  signed,
  summary,
} from '../../src/dashboard/format.ts';

const digitsOf = (text: string) => text.replace(/[^\d–-]/g, ''); // separators are the reader's own

test('what is no number reads as a dash, whatever it is', () => {
  for (const value of [null, undefined, '7', Number.NaN, Number.POSITIVE_INFINITY, {}]) {
    expect([fixed(value, 2), signed(value, 2), bytes(value)]).toEqual(['–', '–', '–']);
  }
});

test('digits are always as many as asked for, and a zero has no sign', () => {
  expect(digitsOf(fixed(1234.5, 2))).toBe('123450');
  expect(digitsOf(fixed(-0.001, 2))).toBe('000');
  expect(signed(1, 0)).toBe('+1');
  expect(digitsOf(signed(-1, 0))).toBe('-1');
});

test('bytes come in the unit that leaves few digits', () => {
  expect([0, 0.5, 1023, 1024, 1536 * 1024, 2 ** 60].map((value) => bytes(value).replace(',', '.'))).toEqual([
    '0 B',
    '1 B',
    '1.023 B',
    '1.0 KiB',
    '1.5 MiB',
    '1.024.0 PiB',
  ]);
});

test('a field is read from objects only, and never from what all objects have', () => {
  expect(field({ bid: 1 }, 'bid')).toBe(1);
  for (const data of [null, undefined, 7, 'bid', {}, []]) expect(field(data, 'bid')).toBeUndefined();
  expect(field({}, 'constructor')).toBeUndefined();
});

test('any value has a short line', () => {
  expect(summary({ a: 1.23456, b: 'x', c: null, d: { e: 1 }, f: [1, 2] })).toBe('a 1.2346 · b x · d {…} · f [2]');
  expect(summary([1, 'two', null])).toBe('1, two, –');
  expect(summary(null)).toBe('–');
  expect(summary(true)).toBe('true');
  expect(summary('x'.repeat(10_000)).length).toBeLessThan(200);
  expect(summary(Array(10_000).fill('x'.repeat(1000))).length).toBeLessThan(200);
});

test('numbers beyond what has room are told by their power of ten', () => {
  for (const value of [1e300, -1e300, 1e15]) {
    expect(fixed(value, 2).length).toBeLessThan(12);
    expect(figure(value).length).toBeLessThan(12);
    expect(compact(value).length).toBeLessThan(12);
    expect(plotted(value)).toBeNaN(); // a chart of the rest stays readable
  }
  expect(plotted(12.5)).toBe(12.5);
});

test('ages are by the given clock; one that is ahead says so', () => {
  const now = 1_800_000_000_000;
  const agoMicros = (ms: number) => (now - ms) * 1000;
  expect(age(agoMicros(300), now)).toBe('< 1 s');
  expect(age(agoMicros(-1500), now)).toBe('< 1 s'); // as clocks differ
  expect(age(agoMicros(90_000), now)).toBe('90 s');
  expect(age(agoMicros(3 * 3_600_000), now)).toBe('3 h');
  expect(age(agoMicros(-3 * 3_600_000), now)).toBe('3 h ahead');
  expect(age(0, now)).toBe('–');
});

test('a time that is none reads as a dash, and one of another day has its date', () => {
  expect(clockTime(Number.NaN, 'utc')).toBe('–');
  expect(clockTime(1e300, 'utc')).toBe('–');
  expect(clockTime('now', 'local')).toBe('–');
  const noon = new Date();
  noon.setUTCHours(12, 34, 56, 0);
  expect(clockTime(noon.getTime() * 1000, 'utc')).toBe('12:34:56');
  expect(clockTime(0, 'utc')).toMatch(/1970/);
});
