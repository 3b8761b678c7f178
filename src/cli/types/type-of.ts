/** JSON Schema, as far as payloads need it, as a TypeScript type. What has no form is `unknown`. */

import { comment } from './comment.ts';

/** `indent`: of the line that the type begins on. */
export function typeOf(schema: unknown, indent: string): string {
  const { enum: values, const: only, anyOf, oneOf, type, properties, items } = objectIn(schema);
  if (Array.isArray(values)) return unionOf(values.map(literal));
  if (only !== undefined) return literal(only);
  const choices = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(choices)) return unionOf(choices.map((choice) => typeOf(choice, indent)));
  if (Array.isArray(type)) return unionOf(type.map((each) => typeOf({ ...objectIn(schema), type: each }, indent)));
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'array':
      return `readonly ${inBrackets(typeOf(items, indent))}[]`;
    case 'object':
      return properties === undefined ? 'Readonly<Record<string, unknown>>' : objectType(schema, indent);
    default:
      return 'unknown';
  }
}

function objectType(schema: unknown, indent: string): string {
  const { properties, required } = objectIn(schema);
  const inner = `${indent}  `;
  const lines = Object.entries(objectIn(properties)).flatMap(([name, field]) => {
    const isGiven = Array.isArray(required) && required.includes(name);
    const words = wordsOf(field);
    return [
      ...(words === '' ? [] : [`${inner}/** ${words} */`]),
      `${inner}readonly ${JSON.stringify(name)}${isGiven ? '' : '?'}: ${typeOf(field, inner)};`,
    ];
  });
  return lines.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${lines.join('\n')}\n${indent}}`;
}

/** A field's description, and its unit: of itself, or of the one choice that is not null. */
function wordsOf(field: unknown): string {
  const { description, 'x-unit': unit, anyOf } = objectIn(field);
  const words = [description, typeof unit === 'string' ? `[${unit}]` : undefined].filter(
    (word) => typeof word === 'string',
  );
  if (words.length > 0) return comment(words.join(' '));
  return Array.isArray(anyOf) ? (anyOf.map(wordsOf).find((found) => found !== '') ?? '') : '';
}

function unionOf(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  return distinct.includes('unknown') || distinct.length === 0 ? 'unknown' : distinct.join(' | ');
}

function inBrackets(type: string): string {
  return / [|&] |^readonly /.test(type) ? `(${type})` : type;
}

function literal(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'unknown' : (JSON.stringify(value) ?? 'unknown');
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
