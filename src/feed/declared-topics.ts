/** Which of a feed's declarations a topic falls under. */

import type { Feed, TopicDeclaration, TopicMap } from './define-feed.ts';

/** `pattern` as the feed wrote it, placeholders and all. */
export type Declared = { readonly pattern: string; readonly declaration: TopicDeclaration };
export type DeclaredTopics = (topic: string) => Declared | undefined;

const cachedTopics = 100_000; // a feed that makes up names without end costs time, not memory

/** A name written out goes before placeholders; of those the first declared that fits. Undefined when none does. */
export function declaredTopics(topics: TopicMap): DeclaredTopics {
  const exact = new Map<string, Declared>();
  const families: { regExp: RegExp; declared: Declared }[] = [];
  for (const [pattern, declaration] of Object.entries(topics)) {
    const declared = { pattern, declaration };
    if (pattern.includes('{')) families.push({ regExp: familyRegExp(pattern), declared });
    else exact.set(pattern, declared);
  }
  const cache = new Map<string, Declared>();
  return (topic) => {
    const known = exact.get(topic) ?? cache.get(topic);
    if (known !== undefined) return known;
    const found = families.find(({ regExp }) => regExp.test(topic))?.declared;
    if (found === undefined) return undefined;
    if (cache.size >= cachedTopics) cache.clear();
    cache.set(topic, found);
    return found;
  };
}

/** The same for a feed under this parsed configuration; looking twice with the same object is cheap. */
export function declarationOf(feed: Feed, config: unknown, topic: string): Declared | undefined {
  return lookupOf(feed, config)(topic);
}

const lookups = new WeakMap<Feed, WeakMap<object, DeclaredTopics>>();

function lookupOf(feed: Feed, config: unknown): DeclaredTopics {
  if (typeof config !== 'object' || config === null) return declaredTopics(feed.topicsOf(config));
  const ofFeed = lookups.get(feed) ?? new WeakMap<object, DeclaredTopics>();
  lookups.set(feed, ofFeed);
  const lookup = ofFeed.get(config) ?? declaredTopics(feed.topicsOf(config));
  ofFeed.set(config, lookup);
  return lookup;
}

/** The patterns that select what a feed declares: `tide.{port}.level` as `tide.*.level`. */
export function topicPatterns(topics: TopicMap): string[] {
  return Object.keys(topics).map((name) => name.replace(/\{[^}]*\}/g, '*'));
}

function familyRegExp(pattern: string): RegExp {
  const segments = pattern.split('.').map((segment) => (segment.startsWith('{') ? '[A-Za-z0-9_-]+' : segment));
  return new RegExp(`^${segments.join('\\.')}$`);
}
