/** What can be published here, by the words of feeds and configuration: what documents and types are made of. */

import { z } from 'zod';
import type { ChosenFeed } from './config/choose-feeds.ts';
import type { OpenTopic } from './open-topics.ts';
import type { TopicFamily } from './server/index.ts';

/** In the order of the configuration: the feeds' topics, then those that clients may publish to. */
export function catalogueOf(
  chosen: readonly ChosenFeed[],
  open: readonly OpenTopic[],
  redeclaredBy: (feed: ChosenFeed) => Redeclared = () => new Map(),
): readonly TopicFamily[] {
  return [...chosen.flatMap((one) => familiesOf(one, redeclaredBy(one))), ...open.map(openFamily)];
}

/** Schemas in place of declared ones, by pattern. */
export type Redeclared = ReadonlyMap<string, z.ZodType>;

function familiesOf({ feed, name, settings }: ChosenFeed, redeclared: Redeclared): TopicFamily[] {
  return Object.entries(feed.topicsOf(settings)).map(([address, declaration]) => ({
    address,
    kind: declaration.kind ?? 'latest',
    description: declaration.description ?? '',
    source: name,
    maxSilenceMs: declaration.maxSilenceMs,
    payload: jsonSchemaOf(redeclared.get(address) ?? declaration.schema),
  }));
}

/** `*` and `>` as placeholders, numbered for there may be several. */
function openFamily({ pattern, kind, schema = z.unknown() }: OpenTopic): TopicFamily {
  let count = 0;
  const address = pattern.replace(/[*>]/g, (wildcard) => `{${wildcard === '>' ? 'rest' : 'any'}${++count}}`);
  return { address, kind, description: 'Clients publish here.', source: 'clients', payload: jsonSchemaOf(schema) };
}

/** What has no form in JSON Schema is anything. */
function jsonSchemaOf(schema: z.ZodType): object {
  const {
    $schema: _,
    id: __,
    ...payload
  } = z.toJSONSchema(schema, {
    target: 'draft-7',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      const { unit, wire } = jsonSchema as { unit?: unknown; wire?: unknown };
      delete jsonSchema.unit;
      delete jsonSchema.wire;
      if (unit !== undefined) jsonSchema['x-unit'] = unit;
      if (wire !== undefined) jsonSchema['x-wire'] = wire;
    },
  });
  return asReceived(payload);
}

/** Every field of a value travels, null where it was left out. */
function asReceived(payload: JsonSchema): object {
  const { properties, required = [] } = payload;
  if (properties === undefined) return payload;
  const fields = Object.entries(properties).map(([name, field]) => {
    const isGiven = required.includes(name);
    return [name, isGiven ? field : { anyOf: [field, { type: 'null' }] }] as const;
  });
  return { ...payload, properties: Object.fromEntries(fields), required: Object.keys(properties) };
}

type JsonSchema = { properties?: Record<string, unknown>; required?: string[] };
