/** The expressions by which subscribers choose publications; PROTOCOL.md has the grammar for those who write them. */

import type { Schema } from '../protocol/index.ts';
import { parseExpression } from './filter/parse.ts';
import { type Test, testOf } from './filter/test-of.ts';
import { fieldsOf, textOf } from './filter/tree.ts';

export type Filter = {
  /** Normal form: two filters that mean the same by spelling (spaces, quotes, parentheses) have equal texts. */
  readonly text: string;
  /** Each once, in the order of their first mention. */
  readonly fields: readonly string[];
  /** The predicate over wire positions of this schema; always the same function for the same schema. */
  testOf(schema: Schema): Test;
};

/**
 * Throws ProtocolError badFilter naming the position (1-based column) and what was expected.
 *
 * What a filter means: a field that the schema lacks is null. A comparison of unlike types, or with null, is false, `!=`
 * and `not in` too; only `== null`, `!= null` and a null in a list ask for null itself. `not (…)` is plain negation, so
 * `not (x == 5)` holds where x is null. `x not in […]` holds when x equals none of them and differs from at least one as
 * `!=` would say. A field alone asks whether it is true. A decimal compares by its value, an enum by its word, a time by
 * its microseconds, text by UTF-16 units. `value` is the whole of a bare value; where that is a map of any type, other
 * names are its own keys.
 */
export function parseFilter(text: string): Filter {
  const expression = parseExpression(text);
  const tests = new WeakMap<Schema, Test>();
  return {
    text: textOf(expression),
    fields: fieldsOf(expression),
    testOf: (schema) => {
      const known = tests.get(schema);
      if (known !== undefined) return known;
      const test = testOf(expression, schema);
      tests.set(schema, test);
      return test;
    },
  };
}
