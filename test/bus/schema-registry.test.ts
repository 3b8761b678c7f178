import { expect, test } from 'vitest';
import { z } from 'zod';
import { SchemaRegistry } from '../../src/bus/index.ts';
import { decimal, measure, micros } from '../../src/feed/index.ts';

test('an object becomes its fields in their order, with type, scale, unit and words', () => {
  const type = z.object({
    px: decimal(2, 'USD'),
    qty: z.int(),
    side: z.enum(['buy', 'sell']).nullable(),
    at: micros(),
    t: measure('Cel').optional(),
    isOpen: z.boolean().default(true),
    name: z.string().max(3),
    more: z.array(z.number()),
  });
  expect(new SchemaRegistry().of(type).fields).toEqual([
    { name: 'px', type: 'decimal', scale: 2, unit: 'USD' },
    { name: 'qty', type: 'int' },
    { name: 'side', type: 'enum', values: ['buy', 'sell'] },
    { name: 'at', type: 'time', unit: 'us' },
    { name: 't', type: 'float', unit: 'Cel' },
    { name: 'isOpen', type: 'bool' },
    { name: 'name', type: 'string' },
    { name: 'more', type: 'any' },
  ]);
});

test('what is no object is one bare value', () => {
  const registry = new SchemaRegistry();
  expect(registry.of(z.unknown()).fields).toEqual([{ name: '', type: 'any' }]);
  expect(registry.of(measure('Pa')).fields).toEqual([{ name: '', type: 'float', unit: 'Pa' }]);
});

test('equal field lists share a number, others do not', () => {
  const registry = new SchemaRegistry();
  const one = registry.of(z.object({ a: z.number() }));
  expect(registry.of(z.object({ a: z.number() }))).toBe(one);
  expect(registry.of(z.object({ a: z.int() })).id).not.toBe(one.id);
  expect(registry.all()).toHaveLength(2);
});

test('fields that were not read from a type are numbered like those that were', () => {
  const registry = new SchemaRegistry();
  const one = registry.of(z.object({ a: z.int(), b: z.string() }));
  expect(registry.numbered([...one.fields])).toBe(one);
  const narrow = registry.numbered(one.fields.slice(1));
  expect(narrow).toEqual({ id: 2, fields: [{ name: 'b', type: 'string' }] });
  expect(registry.of(z.object({ b: z.string() }))).toBe(narrow);
});

test('a schema that nobody uses any more is forgotten, and its number never used again', () => {
  const registry = new SchemaRegistry();
  const kept = registry.of(z.object({ a: z.number() }));
  const fields = [{ name: 'b', type: 'float' }] as const;
  const first = registry.numbered(fields);
  registry.numbered(fields);
  registry.release(first);
  expect(registry.all()).toEqual([kept, first]);
  registry.release(first);
  expect(registry.all()).toEqual([kept]);
  expect(registry.numbered(fields).id).toBe(first.id + 1);
});
