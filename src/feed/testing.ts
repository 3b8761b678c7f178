/** A feed under test: run in virtual time by the real runtime, everything that it published in a list. */

import { createHash } from 'node:crypto';
import type { ZodType } from 'zod';
import { declaredTopics } from './declared-topics.ts';
import type { Feed, FeedLogger, FeedTopicKind, Micros } from './define-feed.ts';
import { parseFeedConfig } from './feed-config.ts';
import { type FeedSink, type FeedStats, runFeed, stopGraceMs } from './feed-runner.ts';
import { createRng } from './random.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** `data` as the declared schema gives it back, so a copy; `removed` for a row taken off a keyed topic. */
export type Published = {
  readonly topic: string;
  readonly ts: Micros;
  readonly key?: string;
  /** As the publication said; rows do not expire here, for that is the server's work. */
  readonly ttlMs?: number;
  readonly data?: unknown;
  readonly removed?: true;
};

export type VirtualRun = {
  readonly published: Published[];
  /** The reasons, in order. Data against its schema is among them. */
  readonly rejected: string[];
  /** Warnings and errors that the feed or the runtime logged. */
  readonly logged: string[];
  readonly stats: FeedStats;
};

export type VirtualRunOptions = {
  /** What a config file would say; the feed's defaults are added. */
  config?: unknown;
  seed?: string;
  from?: Micros;
  /** Starts at `from` and includes its end: a timer of 1000 ms runs ten ticks in 10,000, the last one at the end. */
  forMs: number;
  /** Real milliseconds to wait for one piece of the feed's own I/O; after them it counts as hung. */
  patienceMs?: number;
};

const monday: Micros = Date.UTC(2026, 0, 5) * 1000; // so that a feed with office hours has something to say

export async function runInVirtualTime(feed: Feed, options: VirtualRunOptions): Promise<VirtualRun> {
  const { seed = 'test', from = monday, forMs, patienceMs = 2000 } = options;
  const config = parseFeedConfig(feed, options.config, 'config');
  const clock = createVirtualClock(from, { patienceMs });
  const { sink, published } = recorder(feed, config);
  const rejected: string[] = [];
  const onRejected = (reason: string) => void rejected.push(reason);
  const { log, logged } = listLog();
  const random = createRng(seed, `${feed.name} restarts`).float;
  const running = runFeed(feed, { name: feed.name, config, seed, clock, sink, log, random, onRejected });
  await clock.advanceTo(from + Math.round(forMs * 1000));
  const stats = running.stats();
  const stopping = running.stop();
  await clock.advanceTo(clock.now() + stopGraceMs * 1000);
  await stopping;
  return { published, rejected: [...rejected], logged, stats };
}

/** Throws with the first rejections when there were any, and when the feed failed. */
export function expectClean({ rejected, stats }: Pick<VirtualRun, 'rejected' | 'stats'>): void {
  const { length } = rejected;
  if (length > 0) throw new Error(`${length} publications were rejected, first: ${rejected.slice(0, 3).join('; ')}`);
  if (stats.errors > 0) throw new Error(`the feed failed ${stats.errors} times, last: ${stats.lastError}`);
}

/** sha256 over one line of JSON for each publication. */
export function digest(published: readonly Published[]): string {
  const hash = createHash('sha256');
  for (const publication of published) hash.update(`${line(publication)}\n`);
  return hash.digest('hex');
}

/** Runs the feed twice and throws, naming the first publication that differs, unless both give the same bytes. */
export async function expectDeterministic(feed: Feed, options: VirtualRunOptions): Promise<void> {
  const { published: first } = await runInVirtualTime(feed, options);
  const { published: second } = await runInVirtualTime(feed, options);
  if (digest(first) === digest(second)) return;
  const [a, b] = [first.map(line), second.map(line)];
  const i = a.findIndex((text, k) => text !== b[k]);
  const at = i < 0 ? a.length : i;
  throw new Error(`feed "${feed.name}" is not deterministic: publication ${at} was ${a[at]} first and then ${b[at]}`);
}

function line({ topic, ts, key, ttlMs, data, removed }: Published): string {
  return JSON.stringify({ topic, ts, key, ttlMs, data, removed });
}

function recorder(feed: Feed, config: unknown) {
  const published: Published[] = [];
  const declared = declaredTopics(feed.topicsOf(config));
  const kinds = new Map<string, FeedTopicKind>();
  const redeclared = new Map<string, ZodType>();
  const sink: FeedSink = {
    publish(topic, data, { ts, key, ttlMs, kind: asked }) {
      const found = declared(topic);
      if (found === undefined) return `topic "${topic}" is not one this feed declares`;
      const { pattern, declaration } = found;
      const kind = kinds.get(topic) ?? asked ?? declaration.kind ?? 'latest';
      kinds.set(topic, kind);
      if ((kind === 'keyed') !== (key !== undefined)) return keyFault(topic, kind);
      if (ttlMs !== undefined && kind !== 'keyed') return `topic "${topic}" is ${kind}, so it takes no ttlMs`;
      const parsed = (redeclared.get(pattern) ?? declaration.schema).safeParse(data);
      if (!parsed.success) return `topic "${topic}": ${dataFault(parsed.error.issues)}`;
      published.push({
        topic,
        ts,
        ...(key !== undefined && { key }),
        ...(ttlMs !== undefined && { ttlMs }),
        data: parsed.data,
      });
      return undefined;
    },
    remove(topic, key, ts) {
      const kind = kinds.get(topic) ?? declared(topic)?.declaration.kind ?? 'latest';
      if (kind !== 'keyed') return `topic "${topic}" is ${kind}: only rows of keyed topics can be removed`;
      published.push({ topic, ts, key, removed: true });
      return undefined;
    },
    redeclare: (pattern, schema) => void redeclared.set(pattern, schema),
  };
  return { sink, published };
}

function keyFault(topic: string, kind: FeedTopicKind): string {
  return `topic "${topic}" is ${kind}: ${kind === 'keyed' ? 'a publication needs its key' : 'a key has no meaning there'}`;
}

function dataFault(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || 'data'}: ${message}`).join('; ');
}

function listLog(): { log: FeedLogger; logged: string[] } {
  const logged: string[] = [];
  const keep = (message: string) => void logged.push(message);
  return { log: { debug: () => undefined, info: () => undefined, warn: keep, error: keep }, logged };
}
