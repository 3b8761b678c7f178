/** From a feed to the origin: the declared topics of one feed, opened as it first publishes on them. */

import type { ZodType } from 'zod';
import {
  type Origin,
  type TopicDeclaration as OriginDeclaration,
  OwnedTopic,
  type PublishOutcome,
} from './bus/index.ts';
import type { Declared } from './feed/declared-topics.ts';
import type { FeedTopicKind, TopicDeclaration } from './feed/define-feed.ts';
import type { FeedSink } from './feed/feed-runner.ts';

const trustedCheckEvery = 100; // built-in feeds are tested against their schemas; a sample finds what tests did not

export type FeedSinkOptions = {
  /** Shown where a topic is claimed by somebody else. */
  readonly owner: string;
  readonly isTrusted: boolean;
  readonly declaredFor: (topic: string) => Declared | undefined;
  /** Schemas by the pattern that a feed has redeclared since it was started; the sink adds to them. */
  readonly redeclared: Map<string, ZodType>;
};

export function feedSink(origin: Origin, { owner, isTrusted, declaredFor, redeclared }: FeedSinkOptions): FeedSink {
  const opened = new Map<string, OwnedTopic>();
  const openedOf = new Map<string, OwnedTopic[]>();
  const open = (name: string, kind?: FeedTopicKind): OwnedTopic | string => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const declared = declaredFor(name);
    if (declared === undefined) return `topic "${name}" is not one this feed declares`;
    const { pattern, declaration } = declared;
    const schema = redeclared.get(pattern) ?? declaration.schema;
    const topic = origin.topic(name, owner, originDeclaration({ ...declaration, schema }, isTrusted, kind));
    if (!(topic instanceof OwnedTopic)) return topic.message;
    opened.set(name, topic);
    const siblings = openedOf.get(pattern);
    if (siblings === undefined) openedOf.set(pattern, [topic]);
    else siblings.push(topic);
    return topic;
  };
  return {
    publish(name, data, options) {
      const topic = open(name, options.kind);
      return typeof topic === 'string' ? topic : refusalOf(topic.publish(data, options));
    },
    remove(name, key, ts) {
      const topic = open(name);
      return typeof topic === 'string' ? topic : refusalOf(topic.remove(key, ts));
    },
    redeclare(pattern, schema) {
      redeclared.set(pattern, schema);
      for (const topic of openedOf.get(pattern) ?? []) origin.redeclare(topic, schema);
    },
  };
}

function refusalOf(outcome: PublishOutcome): string | undefined {
  return 'refused' in outcome ? outcome.message : undefined;
}

/** `said` is what a recording says of the topic, in place of what the feed declares. */
function originDeclaration(declared: TopicDeclaration, isTrusted: boolean, said?: FeedTopicKind): OriginDeclaration {
  const { schema, maxSilenceMs, history } = declared;
  const kind = said ?? declared.kind ?? 'latest';
  const ttlMs = kind === 'keyed' ? declared.ttlMs : undefined;
  return { kind, schema, maxSilenceMs, ttlMs, history, checkEvery: isTrusted ? trustedCheckEvery : 1 };
}
