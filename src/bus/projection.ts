/** Some of a schema's fields, as a schema of their own. */

import type { Field, Schema } from '../protocol/index.ts';

export type Projection = {
  readonly schema: Schema;
  /** The values at the chosen fields; the very same list when all are chosen. */
  of(values: readonly unknown[]): readonly unknown[];
};

/** Of none of the fields: what is left of a view when the topic has lost all that it shows. */
export function emptyProjection(register: (fields: readonly Field[]) => Schema): Projection {
  return { schema: register([]), of: () => [] };
}

/** Undefined when the schema has none of the fields. Field order is the schema's. */
export function projectionOf(
  schema: Schema,
  names: readonly string[],
  register: (fields: readonly Field[]) => Schema,
): Projection | undefined {
  const { fields } = schema;
  const positions = [...fields.keys()].filter((position) => names.includes((fields[position] as Field).name));
  if (positions.length === 0) return undefined;
  if (positions.length === fields.length) return { schema, of: (values) => values };
  return {
    schema: register(positions.map((position) => fields[position] as Field)),
    of: (values) => positions.map((position) => values[position]),
  };
}
