/** The way in for what clients publish: onto the topics that the configuration opens, and no others. */

import { z } from 'zod';
import type { Origin, PublishOutcome, TopicDeclaration } from './bus/index.ts';
import { type Micros, matches, type TopicKind } from './protocol/index.ts';
import type { ClientPublish } from './server/index.ts';

export type OpenTopic = {
  pattern: string;
  kind: TopicKind;
  schema?: z.ZodType | undefined;
  /** Of a keyed topic's rows, where the publication does not say. */
  ttlMs?: number | undefined;
};

const owner = 'clients';
const maxTopics = 10_000; // each is kept for as long as the server runs; names must not be a way to fill memory

/** The first entry whose pattern selects a topic decides its kind, its schema and how long its rows live. */
export function openTopics(entries: readonly OpenTopic[], origin: Origin, now: () => Micros): ClientPublish {
  const declarations = entries.map((entry) => ({ pattern: entry.pattern, declaration: declare(entry) }));
  const opened = new Set<string>();
  return (name, data, key, ttlMs): PublishOutcome => {
    const declaration = declarations.find(({ pattern }) => matches(pattern, name))?.declaration;
    const feed = origin.ownerOf(name);
    if (declaration === undefined || (feed !== undefined && feed !== owner)) return forbidden(name, feed);
    if (!opened.has(name) && opened.size >= maxTopics) {
      return { refused: 'limit', message: `topic "${name}": clients have opened ${maxTopics} topics already` };
    }
    const topic = origin.topic(name, owner, declaration);
    if ('refused' in topic) return topic;
    opened.add(name);
    return topic.publish(data, { ts: now(), key, ttlMs });
  };
}

/** Without a schema anything goes, as one bare value. */
function declare({ kind, schema = z.unknown(), ttlMs }: OpenTopic): TopicDeclaration {
  return { kind, schema, ttlMs, checkEvery: 1 };
}

function forbidden(name: string, feed: string | undefined): PublishOutcome {
  const why = feed === undefined ? 'is not open for publishing (open)' : `belongs to ${feed}`;
  return { refused: 'forbidden', message: `topic ${JSON.stringify(name.slice(0, 200))} ${why}` };
}
