/** Between a feed and the sink: whatever a feed hands over, it is published or counted as rejected, and never throws. */

import { declaredTopics } from './declared-topics.ts';
import type { Feed, Micros, PublishOptions } from './define-feed.ts';
import type { FeedParts } from './feed-parts.ts';
import type { FeedStats } from './feed-stats.ts';
import type { LimitedLog } from './limited-log.ts';
import { reasonOf } from './verdict.ts';

export type FeedPublisher = {
  publish(topic: unknown, data: unknown, options?: unknown): void;
  remove(topic: unknown, key: unknown, options?: unknown): void;
  reject(reason: unknown): void;
};

export function createPublisher(
  feed: Feed,
  { config, sink, name, onRejected }: FeedParts,
  { stats, problems, now }: { stats: FeedStats; problems: LimitedLog; now: () => Micros },
): FeedPublisher {
  const declared = declaredTopics(feed.topicsOf(config));
  const reject = (kind: string, reason: string) => {
    stats.rejected++;
    onRejected?.(reason);
    problems.report(`rejected ${kind}`, `feed "${name}" rejected ${kind}: ${reason}`);
  };
  const settle = (counter: 'published' | 'removed', kind: string, send: () => string | undefined) => {
    const refusal = attempt(send);
    if (refusal === undefined) stats[counter]++;
    else reject(kind, refusal);
  };
  const patternOf = (topic: unknown) => (typeof topic === 'string' ? declared(topic)?.pattern : undefined);
  return {
    publish(topic, data, options) {
      const pattern = patternOf(topic);
      if (typeof topic !== 'string' || pattern === undefined) return reject('a topic', undeclared(topic));
      settle('published', pattern, () => sink.publish(topic, data, checkedOptions(options, now)));
    },
    remove(topic, key, options) {
      const pattern = patternOf(topic);
      if (typeof topic !== 'string' || pattern === undefined) return reject('a topic', undeclared(topic));
      settle('removed', pattern, () => sink.remove(topic, stringKey(key), checkedOptions(options, now).ts));
    },
    reject: (reason) => reject('input', reasonOf(reason)),
  };
}

/** A sink that throws is as bad for this publication as one that refuses, and no worse for the feed. */
function attempt(send: () => string | undefined): string | undefined {
  try {
    return send();
  } catch (error) {
    return reasonOf(error);
  }
}

function undeclared(topic: unknown): string {
  return `topic ${shown(topic)} is not one this feed declares`;
}

function checkedOptions(options: unknown, now: () => Micros): PublishOptions & { ts: Micros } {
  if (options === undefined) return { ts: now() };
  const { ts = now(), key, ttlMs, kind } = options as PublishOptions;
  if (!Number.isSafeInteger(ts) || ts < 0) throw new TypeError(`ts must be integer microseconds, got ${shown(ts)}`);
  return {
    ts,
    ...(key !== undefined && { key: stringKey(key) }),
    ...(ttlMs !== undefined && { ttlMs: wholeMs(ttlMs) }),
    ...(kind !== undefined && { kind }),
  };
}

function stringKey(key: unknown): string {
  if (typeof key !== 'string') throw new TypeError(`key must be a string, got ${shown(key)}`);
  return key;
}

function wholeMs(ttlMs: unknown): number {
  if (typeof ttlMs === 'number' && Number.isInteger(ttlMs) && ttlMs >= 1) return ttlMs;
  throw new TypeError(`ttlMs must be a whole number of milliseconds, at least 1, got ${shown(ttlMs)}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : reasonOf(value);
}
