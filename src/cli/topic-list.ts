/** The topics of a running server. */

import { z } from 'zod';
import { ask } from './server-answers.ts';

const topicList = z.object({
  topics: z.array(
    z.object({
      topic: z.string(),
      kind: z.string(),
      epoch: z.string(),
      seq: z.int(),
      ts: z.int().nullable(),
      schema: z.int(),
    }),
  ),
});
const field = z.looseObject({ name: z.string(), type: z.string(), scale: z.int().optional() });
const schemaList = z.object({ schemas: z.array(z.object({ id: z.int(), fields: z.array(field) })) });

export type ListedTopic = Omit<z.infer<typeof topicList>['topics'][number], 'schema'> & {
  readonly fields: readonly z.infer<typeof field>[];
};

/** Those that the pattern selects, by name. Throws CliError when the server can't be asked. */
export async function listTopics(address: string, pattern: string): Promise<ListedTopic[]> {
  const { topics } = await ask(address, `/topics?pattern=${encodeURIComponent(pattern)}`, topicList);
  const { schemas } = await ask(address, '/schemas', schemaList);
  const fieldsOf = new Map(schemas.map(({ id, fields }) => [id, fields]));
  return topics
    .sort((a, b) => (a.topic < b.topic ? -1 : 1))
    .map(({ schema, ...topic }) => ({ ...topic, fields: fieldsOf.get(schema) ?? [] }));
}
