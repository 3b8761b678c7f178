import { expect, test } from 'vitest';
import { z } from 'zod';
import { projectionOf } from '../../src/bus/projection.ts';
import { SchemaRegistry } from '../../src/bus/schema-registry.ts';
import { decimal } from '../../src/feed/index.ts';
import { fromPositions, type Schema, toPositions } from '../../src/protocol/index.ts';

const registry = new SchemaRegistry();
const quote = registry.of(z.object({ bid: decimal(2), ask: decimal(2), venue: z.enum(['A', 'B']), size: z.int() }));

const project = (schema: Schema, names: readonly string[]) =>
  projectionOf(schema, names, (fields) => registry.numbered(fields));

test('it has the chosen fields in the order of the schema', () => {
  const chosen = project(quote, ['venue', 'bid', 'unknown', 'bid']);
  expect(chosen?.schema.fields).toEqual([quote.fields[0], quote.fields[2]]);
  expect(chosen?.of([18723, 18725, 1, 500])).toEqual([18723, 1]);
});

test('what it shows reads as the chosen part of the value', () => {
  const data = { bid: 187.23, ask: null, venue: 'B', size: 500 };
  const chosen = project(quote, ['size', 'ask', 'venue'])!;
  const shown = fromPositions(chosen.schema, chosen.of(toPositions(quote, data)));
  expect(shown).toEqual({ ask: null, venue: 'B', size: 500 });
});

test('all fields are the values and the schema themselves', () => {
  const all = project(quote, ['size', 'venue', 'ask', 'bid', 'unknown']);
  const values = [1, 2, 0, 3];
  expect(all?.schema).toBe(quote);
  expect(all?.of(values)).toBe(values);
});

test('a schema with none of the fields has no projection, a bare value neither', () => {
  expect(project(quote, ['unknown', 'toString'])).toBeUndefined();
  expect(project(quote, [])).toBeUndefined();
  expect(project(registry.of(z.number()), ['value'])).toBeUndefined();
});

test('the same choice has the same schema, whatever the order', () => {
  const one = project(quote, ['bid', 'ask']);
  expect(project(quote, ['ask', 'bid'])?.schema).toBe(one?.schema);
  expect(project(quote, ['ask'])?.schema.id).not.toBe(one?.schema.id);
});

test('a schema that shows just what another has is that other one', () => {
  const narrow = registry.of(z.object({ bid: decimal(2) }));
  expect(project(quote, ['bid'])?.schema).toBe(narrow);
});
