/** A topic's values are positional: the schema, announced once, says which position holds which field. */

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

/** Turns one valid value into its wire positions. Absent fields become null; fields the schema lacks are dropped. */
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

function isBare(schema: Schema): boolean {
  return schema.fields.length === 1 && schema.fields[0]?.name === '';
}

function toWire(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (field.type === 'decimal') return Math.round((value as number) * 10 ** (field.scale ?? 0));
  if (field.type === 'enum') return field.values?.indexOf(value as string) ?? null;
  return value;
}

function fromWire(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  // One division of two exact integers is correctly rounded, so 18723 at scale 2 is the double nearest to 187.23.
  if (field.type === 'decimal') return (value as number) / 10 ** (field.scale ?? 0);
  if (field.type === 'enum') return field.values?.[value as number] ?? null;
  return value;
}
