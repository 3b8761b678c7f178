/** A topic's values are positional: the schema, announced once, says which position holds which field. */

import { toPlain } from './plain.ts';
import { wellFormed } from './text.ts';

/**
 * How one field travels. `decimal` is an integer with `scale` digits behind the point, so prices stay exact;
 * `time` is integer microseconds since 1970; `enum` is the index into `values`; `any` is whatever MessagePack holds.
 * Every field may be null.
 */
export type Field = {
  readonly name: string;
  readonly type: 'int' | 'float' | 'decimal' | 'bool' | 'string' | 'time' | 'enum' | 'any';
  readonly scale?: number;
  readonly unit?: string;
  readonly values?: readonly string[];
};

/** Field order is wire order. A single field with the empty name describes a bare value instead of an object. */
export type Schema = { readonly id: number; readonly fields: readonly Field[] };

/**
 * Turns one valid value into its wire positions. Absent fields become null; fields the schema lacks are dropped.
 * Nothing of `data` is shared with the result, so the caller may go on changing it.
 */
export function toPositions(schema: Schema, data: unknown): unknown[] {
  const { fields } = schema;
  if (isBare(schema)) return [toWire(fields[0] as Field, data)];
  const source = data as Record<string, unknown>;
  const values = new Array<unknown>(fields.length);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    values[i] = toWire(field, source[field.name]);
  }
  return values;
}

/** The inverse of toPositions. Missing positions read as null; positions past the schema are ignored. */
export function fromPositions(schema: Schema, values: readonly unknown[]): unknown {
  const { fields } = schema;
  if (isBare(schema)) return fromWire(fields[0] as Field, values[0]);
  const data: Record<string, unknown> = {};
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    data[field.name] = fromWire(field, values[i]);
  }
  return data;
}

/**
 * What a PATCH says by name: only the fields that it changes, or the new value itself where the schema is of a bare one
 * (undefined when that is still the same). Positions past the schema are ignored.
 */
export function fromChanges(schema: Schema, changes: readonly unknown[]): unknown {
  const data: Record<string, unknown> = {};
  for (let i = 0; i < changes.length; i += 2) {
    const field = schema.fields[changes[i] as number];
    if (field !== undefined) data[field.name] = fromWire(field, changes[i + 1]);
  }
  return isBare(schema) ? data[''] : data;
}

function isBare(schema: Schema): boolean {
  return schema.fields.length === 1 && schema.fields[0]?.name === '';
}

function toWire(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  switch (field.type) {
    case 'decimal':
      return toScaled(value as number, powerOfTen(field.scale));
    case 'int':
    case 'float':
    case 'time':
      return Number.isFinite(value) ? value : null;
    case 'enum':
      return enumIndex(field, value);
    case 'string':
      return typeof value === 'string' ? wellFormed(value) : toPlain(value);
    case 'bool':
      return value;
    default:
      return toPlain(value);
  }
}

function fromWire(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  // One division of two exact integers is correctly rounded, so 18723 at scale 2 is the double nearest to 187.23.
  if (field.type === 'decimal') return (value as number) / powerOfTen(field.scale);
  if (field.type === 'enum') return field.values?.[value as number] ?? null;
  return value;
}

/** Looked up, for a power costs more than the rest of a field; past the table a double has no digits left anyway. */
function powerOfTen(scale = 0): number {
  return powersOfTen[scale] ?? 10 ** scale;
}

const powersOfTen: readonly number[] = Array.from({ length: 16 }, (_, scale) => 10 ** scale);

/** The integer that reads back as `value`; the nearest one where `value` has more digits than the scale. */
function toScaled(value: number, factor: number): number | null {
  const scaled = Math.round(value * factor);
  if (Math.abs(scaled) < surelyExact) return scaled;
  if (!Number.isFinite(scaled)) return null;
  // Two roundings can be off by more than a half up here: one of the neighbours may be the one that was meant.
  return [0, 1, -1, 2, -2].map((step) => scaled + step).find((whole) => whole / factor === value) ?? scaled;
}

/** Below it the product's error, two roundings of 2^-53 each, is less than a half. */
const surelyExact = 2 ** 50;

function enumIndex({ values = [] }: Field, value: unknown): number | null {
  const index = (values as readonly unknown[]).indexOf(value);
  return index < 0 ? null : index;
}
