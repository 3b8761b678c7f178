import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Field, fromChanges, fromPositions, type Schema, toPositions } from '../../src/protocol/schema.ts';

const price: Field = { name: 'price', type: 'decimal', scale: 2 };
const venue: Field = { name: 'venue', type: 'enum', values: ['XNAS', 'XNYS'] };
const schemaOf = (...fields: Field[]): Schema => ({ id: 1, fields });
const bareOf = (field: Omit<Field, 'name'>): Schema => schemaOf({ name: '', ...field });
const roundTrip = (schema: Schema, data: unknown) => fromPositions(schema, toPositions(schema, data));

test('every decimal that a scaled integer can hold comes back as the same number', () => {
  const whole = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.integer({ min: 0, max: 1000 }).map((below) => Number.MAX_SAFE_INTEGER - below),
  );
  fc.assert(
    fc.property(whole, fc.integer({ min: 0, max: 8 }), (n, scale) => {
      const value = n / 10 ** scale;
      const schema = bareOf({ type: 'decimal', scale });
      const [wire] = toPositions(schema, value);
      assert(Number.isInteger(wire));
      assert(roundTrip(schema, value) === value);
    }),
    { numRuns: 20_000 },
  );
});

test('a scaled integer up to 2^50 is the very one that was meant', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.integer({ min: 0, max: 8 }), (n, scale) => {
      assert(toPositions(bareOf({ type: 'decimal', scale }), n / 10 ** scale)[0] === n);
    }),
    { numRuns: 20_000 },
  );
});

test('a value with more digits than its scale is rounded to the nearest', () => {
  expect(toPositions(schemaOf(price), { price: 187.2349 })).toEqual([18723]);
  expect(roundTrip(schemaOf(price), { price: 187.2351 })).toEqual({ price: 187.24 });
});

test('fields travel in schema order, absent ones as null, unknown ones not at all', () => {
  const schema = schemaOf(price, { name: 'size', type: 'int' }, venue);
  expect(toPositions(schema, { venue: 'XNYS', price: 1.5, other: true })).toEqual([150, null, 1]);
  expect(fromPositions(schema, [150])).toEqual({ price: 1.5, size: null, venue: null });
  expect(fromPositions(schema, [150, 7, 0, 'from a newer server'])).toEqual({ price: 1.5, size: 7, venue: 'XNAS' });
});

test('a word that the enum lacks travels as null, and an index that it lacks reads as null', () => {
  expect(toPositions(schemaOf(venue), { venue: 'LSE' })).toEqual([null]);
  expect(fromPositions(schemaOf(venue), [9])).toEqual({ venue: null });
});

test('one field with an empty name is a bare value', () => {
  expect(roundTrip(bareOf({ type: 'float' }), 21.5)).toBe(21.5);
  expect(roundTrip(bareOf({ type: 'any' }), ['a', { b: 1 }])).toEqual(['a', { b: 1 }]);
});

test('changes name the fields that they change, each as it reads in a whole value', () => {
  const schema = schemaOf(price, { name: 'size', type: 'int' }, venue);
  expect(fromChanges(schema, [2, 1, 0, 150])).toStrictEqual({ price: 1.5, venue: 'XNYS' });
  expect(fromChanges(schema, [1, null, 2, 9])).toStrictEqual({ size: null, venue: null });
  expect(fromChanges(schema, [7, 'from a newer server'])).toStrictEqual({});
  expect(fromChanges(schema, [])).toStrictEqual({});
});

test('a bare value changes to another, or stays', () => {
  expect(fromChanges(bareOf({ type: 'decimal', scale: 1 }), [0, 215])).toBe(21.5);
  expect(fromChanges(bareOf({ type: 'float' }), [])).toBeUndefined();
});

test('numbers that no encoding can hold travel as null', () => {
  for (const type of ['int', 'float', 'decimal', 'time', 'any'] as const) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(toPositions(bareOf({ type }), value)).toEqual([null]);
    }
  }
});

test('a publication does not change when its maker goes on changing what it was made of', () => {
  const data = { levels: [[1, 2]], raw: Uint8Array.of(1) };
  const [levels, raw] = toPositions(schemaOf({ name: 'levels', type: 'any' }, { name: 'raw', type: 'any' }), data);
  data.levels[0]![0] = 99;
  data.raw[0] = 99;
  expect([levels, raw]).toEqual([[[1, 2]], Uint8Array.of(1)]);
});

test('anything becomes what MessagePack and JSON both hold', () => {
  const odd = {
    when: new Date(5),
    big: 7n,
    gone: undefined,
    call: () => 1,
    half: 'a\ud800',
    deep: { '\udc00': [Number.NaN] },
  };
  expect(toPositions(bareOf({ type: 'any' }), odd)).toEqual([
    { when: 5000, big: 7, call: null, half: 'a\ufffd', deep: { '\ufffd': [null] } },
  ]);
});

test('data that holds itself is refused, not followed', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => toPositions(bareOf({ type: 'any' }), cycle)).toThrow('nested deeper than 16');
});

test('any object of any schema comes back as it was', () => {
  const word = fc.constantFrom('x', 'y', 'z');
  const cases = fc.oneof(
    fc.record({ type: fc.constant('int' as const), value: fc.maxSafeInteger() }),
    fc.record({ type: fc.constant('float' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
    fc.record({ type: fc.constant('string' as const), value: fc.string({ unit: 'grapheme' }) }),
    fc.record({ type: fc.constant('enum' as const), value: word }),
    fc.record({ type: fc.constant('any' as const), value: fc.jsonValue() }),
  );
  const named = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), cases), { selector: ([name]) => name });
  fc.assert(
    fc.property(named, (entries) => {
      const fields = entries.map(([name, { type }]): Field => ({ name, type, values: ['x', 'y', 'z'] }));
      const data = Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
      expect(roundTrip(schemaOf(...fields), data)).toEqual(data);
    }),
    { numRuns: 2000 },
  );
});
