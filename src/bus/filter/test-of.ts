/** A filter made to run: closures over the positions of one schema. */

import type { Field, Schema } from '../../protocol/index.ts';
import { type Judge, judgeOf } from './judge.ts';
import type { Comparison, Expression } from './tree.ts';

/** Whether a publication with these wire positions matches. */
export type Test = (values: readonly unknown[]) => boolean;

/** Everything that does not depend on the values is decided here, once for the schema. */
export function testOf(expression: Expression, schema: Schema): Test {
  switch (expression.is) {
    case 'and':
      return expression.all.map((part) => testOf(part, schema)).reduceRight((rest, test) => both(test, rest));
    case 'or':
      return expression.all.map((part) => testOf(part, schema)).reduceRight((rest, test) => either(test, rest));
    case 'not':
      return not(testOf(expression.of, schema));
    default:
      return comparisonTest(expression, schema);
  }
}

function both(one: Test, other: Test): Test {
  return (values) => one(values) && other(values);
}

function either(one: Test, other: Test): Test {
  return (values) => one(values) || other(values);
}

function not(test: Test): Test {
  return (values) => !test(values);
}

function comparisonTest(comparison: Comparison, { fields }: Schema): Test {
  const [first] = fields;
  const { field: name } = comparison;
  if (fields.length === 1 && first?.name === '') {
    if (name === 'value') return at(0, fieldJudge(comparison, first));
    if (first.type === 'any') return inside(name, judgeOf(comparison));
  }
  const position = fields.findIndex((field) => field.name === name);
  const field = fields[position];
  if (field !== undefined) return at(position, fieldJudge(comparison, field));
  const matches = judgeOf(comparison)(null);
  return () => matches;
}

function at(position: number, judge: Judge): Test {
  return (values) => judge(values[position]);
}

/** A bare value of any type: its own key, where it is a map. */
function inside(key: string, judge: Judge): Test {
  return ([value]) => judge(isMap(value) && Object.hasOwn(value, key) ? value[key] : null);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function fieldJudge(comparison: Comparison, field: Field): Judge {
  const judge = judgeOf(comparison);
  if (field.type === 'enum') return enumJudge(judge, field.values ?? []);
  return field.type === 'decimal' ? decimalJudge(judge, 10 ** (field.scale ?? 0)) : judge;
}

/** Asked once for each word: on the wire there are only their indexes. What is no index of a word is null. */
function enumJudge(judge: Judge, words: readonly string[]): Judge {
  const verdicts = words.map((word) => judge(word));
  const verdictOfNull = judge(null);
  return (index) => (typeof index === 'number' ? (verdicts[index] ?? verdictOfNull) : verdictOfNull);
}

/** Divided as readers divide, so that it equals exactly what they see: a literal times the factor may be off by a bit. */
function decimalJudge(judge: Judge, factor: number): Judge {
  return (value) => judge(typeof value === 'number' ? value / factor : value);
}
