/** From a zod type to the fields of the wire; equal field lists share one numbered schema. */

import type { z } from 'zod';
import type { Field, Schema } from '../protocol/index.ts';

export class SchemaRegistry {
  readonly #bySignature = new Map<string, Entry>();
  readonly #byType = new WeakMap<z.ZodType, Schema>();
  #lastId = 0;

  /** The schema of this zod type, for good: an object's keys in their order, or one bare value. */
  of(type: z.ZodType): Schema {
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    const schema = this.numbered(fieldsOf(type));
    this.#byType.set(type, schema);
    return schema;
  }

  /** The schema of these fields, one and the same for equal lists, until it is released as often as it was asked for. */
  numbered(fields: readonly Field[]): Schema {
    const signature = JSON.stringify(fields);
    const entry = this.#bySignature.get(signature) ?? { schema: { id: ++this.#lastId, fields }, uses: 0 };
    this.#bySignature.set(signature, entry);
    entry.uses++;
    return entry.schema;
  }

  /** What clients ask for comes and goes: a schema that nobody uses is forgotten, and its number never used again. */
  release({ fields }: Schema): void {
    const signature = JSON.stringify(fields);
    const entry = this.#bySignature.get(signature);
    if (entry !== undefined && --entry.uses === 0) this.#bySignature.delete(signature);
  }

  all(): readonly Schema[] {
    return [...this.#bySignature.values()].map(({ schema }) => schema);
  }
}

type Entry = { readonly schema: Schema; uses: number };

/** The little of zod's own description of a type that matters here. */
type Definition = {
  type: string;
  innerType?: z.ZodType;
  out?: z.ZodType;
  format?: string;
  entries?: Record<string, string | number>;
  shape?: Record<string, z.ZodType>;
};

function fieldsOf(type: z.ZodType): Field[] {
  const { definition } = unwrap(type);
  if (definition.type !== 'object') return [fieldOf('', type)];
  return Object.entries(definition.shape ?? {}).map(([name, field]) => fieldOf(name, field));
}

function fieldOf(name: string, type: z.ZodType): Field {
  const { definition, meta } = unwrap(type);
  const unit = typeof meta.unit === 'string' ? { unit: meta.unit } : {};
  const wire = meta.wire as Pick<Field, 'type' | 'scale'> | undefined;
  return { name, ...(wire ?? wireType(definition)), ...unit };
}

function wireType(definition: Definition): Pick<Field, 'type' | 'values'> {
  switch (definition.type) {
    case 'number':
      return { type: definition.format === 'safeint' ? 'int' : 'float' };
    case 'boolean':
      return { type: 'bool' };
    case 'string':
      return { type: 'string' };
    case 'enum': {
      const values = Object.values(definition.entries ?? {});
      if (values.every((value) => typeof value === 'string')) return { type: 'enum', values };
      return { type: 'any' };
    }
    default:
      return { type: 'any' };
  }
}

/** Through optional, nullable, default and their like to the type that decides; the outermost unit or wire type wins. */
function unwrap(type: z.ZodType): { definition: Definition; meta: Record<string, unknown> } {
  const definition = type._zod.def as unknown as Definition;
  const meta = (type.meta() ?? {}) as Record<string, unknown>;
  const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.out : undefined);
  if (inner === undefined) return { definition, meta };
  const below = unwrap(inner);
  return { definition: below.definition, meta: { ...below.meta, ...meta } };
}
