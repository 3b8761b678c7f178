/** Whether the fields that a view names exist. */

import type { Hub, View } from '../bus/index.ts';
import { ProtocolError, type Schema } from '../protocol/index.ts';

/**
 * Throws ProtocolError unknownField for a field that none of the topics selected now has. Where nothing is selected yet
 * nothing can be wrong.
 */
export function checkFields(view: View, patterns: readonly string[], hub: Hub): void {
  if (view.fields === undefined && view.filter === undefined) return;
  const schemas = new Set(
    patterns.flatMap((pattern) => hub.topicsSelectedBy(pattern)).map(({ topic }) => topic.schema),
  );
  if (schemas.size === 0) return;
  for (const field of view.fields ?? []) mustExist('fields', field, schemas, hasField);
  for (const field of view.filter?.fields ?? []) mustExist('filter', field, schemas, canFilterBy);
}

function mustExist(
  where: string,
  field: string,
  schemas: ReadonlySet<Schema>,
  has: (schema: Schema, field: string) => boolean,
): void {
  for (const schema of schemas) if (has(schema, field)) return;
  const known = [...new Set([...schemas].flatMap(({ fields }) => fields.map(({ name }) => name || 'value')))];
  const shown = known.slice(0, 20).join(', ');
  throw new ProtocolError(
    'unknownField',
    `${where}: no topic here has a field ${JSON.stringify(field)}; there are ${shown}`,
  );
}

function hasField({ fields }: Schema, name: string): boolean {
  return fields.some((field) => field.name === name && name !== '');
}

/** A bare value goes by `value`; of a bare value of any type, by the names in it. */
function canFilterBy(schema: Schema, name: string): boolean {
  const [first] = schema.fields;
  if (schema.fields.length !== 1 || first?.name !== '') return hasField(schema, name);
  return name === 'value' || first.type === 'any';
}
