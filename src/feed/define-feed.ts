/** What a feed is: the contract between a plug-in and the runtime that runs it. */

import { z } from 'zod';
import type { Rng } from './random.ts';

/** Integer microseconds since 1970. */
export type Micros = number;

/** `latest` replaces, `event` is kept in order, `keyed` is a table of rows, `ephemeral` is never kept. */
export type FeedTopicKind = 'latest' | 'event' | 'keyed' | 'ephemeral';

/** One topic or family of topics. The map key may hold `{name}` placeholders, one a segment: `tide.{port}.level`. */
export type TopicDeclaration = {
  readonly schema: z.ZodType;
  /** Default `latest`. */
  readonly kind?: FeedTopicKind;
  /** One sentence for people: what is published here. */
  readonly description?: string;
  /** The longest silence that is normal, in milliseconds; a longer one means trouble at the source. */
  readonly maxSilenceMs?: number;
  /** Takes a row of a keyed topic off so many milliseconds after its last publication; absent: rows stay. */
  readonly ttlMs?: number;
  /** What it keeps of its past where the server's configuration has no rule for it; absent: as its kind does. */
  readonly history?: TopicHistory;
};
/** Whichever is reached first; what is left out is as for event topics. `maxCount` 0: nothing is kept. */
export type TopicHistory = { readonly maxCount?: number; readonly maxBytes?: number; readonly maxAgeMs?: number };
export type TopicMap = { readonly [pattern: string]: TopicDeclaration };

/** `tide.{port}.level` → `tide.${string}.level` */
export type TopicName<P extends string> = P extends `${infer Head}{${string}}${infer Tail}`
  ? `${Head}${string}${TopicName<Tail>}`
  : P;

export type PublishOptions = {
  /** Event time; the clock's now when absent. */
  ts?: Micros;
  /** The row on a keyed topic; required there and only there. */
  key?: string;
  /** On a keyed topic: takes the row off after so many milliseconds, in place of the declared `ttlMs`. */
  ttlMs?: number;
  /** In place of the declared kind, for recordings that say of each topic what it was; a topic's first one counts. */
  kind?: FeedTopicKind;
};

type Data<T extends TopicMap, P extends keyof T> = z.input<T[P]['schema']>;
type Overloads<U> = (U extends unknown ? (f: U) => void : never) extends (f: infer I) => void ? I : never;

/** One signature for each declared topic, so that a wrong name or field is a compile error. */
export type Publish<T extends TopicMap> = Overloads<
  { [P in keyof T & string]: (topic: TopicName<P>, data: Data<T, P>, options?: PublishOptions) => void }[keyof T &
    string]
>;

/** Payloads by topic, for `connect<PayloadsOf<typeof topics>>()` of `tickwire/client`. A pattern with `*` falls under them. */
export type PayloadsOf<T extends TopicMap> = { [P in keyof T & string as TopicName<P>]: z.output<T[P]['schema']> };

/** What `stream()` yields. */
export type Publication<T extends TopicMap> = {
  [P in keyof T & string]: { topic: TopicName<P>; data: Data<T, P> } & PublishOptions;
}[keyof T & string];

export type FeedStatus = 'ok' | 'degraded' | 'down';

/**
 * When a feed runs. `always`: whether or not anybody listens. `run`: while somebody wants any of its topics. `rate`: as
 * `run`, and a timer feed ticks no more often than the highest rate that anybody wants.
 */
export type DemandMode = 'rate' | 'run' | 'always';

export type FeedClock = {
  /** Within `tick` the tick's own deadline (start + k · every), so that generators do not depend on how late they run. */
  now(): Micros;
  /** Rejects with the signal's reason when the feed is stopped. */
  sleep(ms: number): Promise<void>;
};

export type FeedLogger = Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>;

/** What a running feed may use. It never sees the bus or the network. */
export type FeedContext<T extends TopicMap = TopicMap, C = unknown> = {
  readonly config: C;
  /** Never blocks and never throws for bad data: that is dropped, counted and reported for you. */
  readonly publish: Publish<T>;
  /** Takes a row off a keyed topic, at the clock's now unless `ts` says otherwise. */
  remove(topic: string, key: string, options?: { ts?: Micros }): void;
  /**
   * From now on the topics of this declared pattern carry values of another schema: a source that has a new column, say.
   * Subscribers are told before the first such value, and what is held of the past is read by the names of its fields.
   * Throws TypeError for a pattern that the feed does not declare.
   */
  redeclare(pattern: string, change: { readonly schema: z.ZodType }): void;
  /** The seeded random stream of this name: the same seed and name give the same numbers, whatever else runs. */
  rng(name?: string): Rng;
  readonly clock: FeedClock;
  /** Aborted when the feed is stopped, also for lack of demand; hand it to fetch and friends. */
  readonly signal: AbortSignal;
  /** Updates a second for each topic, the highest that anybody wants now, for a source that can be asked for less. */
  demand(): number;
  status(level: FeedStatus, text?: string): void;
  /** Counts one item of bad input that the feed skipped by itself, with where it was. */
  reject(reason: string): void;
  readonly log: FeedLogger;
};

export type RetryPolicy = {
  minDelayMs: number;
  maxDelayMs: number;
  /** A run that lasted this long was healthy: the next failure starts again from minDelayMs. */
  resetAfterMs: number;
  maxAttempts: number;
};

export type Cleanup = (() => void | Promise<void>) | void;

type Common<T extends TopicMap, C extends z.ZodType> = {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly description?: string;
  /** A zod object whose defaults let the feed run with no configuration at all where that is possible. */
  readonly config?: C;
  /** A function where the configuration decides which topics there are. */
  readonly topics: T | ((config: z.output<C>) => T);
  readonly retry?: Partial<RetryPolicy>;
  /**
   * Default `rate` for a timer feed whose topics are all `latest`, `run` otherwise. A feed that nobody wants rests: a
   * timer keeps its state and skips its ticks, a stream or connection is stopped and started again when it is wanted.
   */
  readonly demand?: DemandMode;
};

/** `tick` runs on absolute deadlines and never overlaps itself. */
type TimerShape<T extends TopicMap, C, S> = {
  /** Milliseconds between ticks. */
  readonly every: number | ((config: C) => number);
  /** Ticks made up for after a late one; the rest are counted as skipped. Default 1. In virtual time all run. */
  readonly catchUp?: number;
  /** Makes the state of one start of the feed, before its first tick. */
  setup?(context: FeedContext<T, C>): S | Promise<S>;
  tick(context: FeedContext<T, C>, state: S): void | Promise<void>;
};

/** Yields publications as they come. Returning ends the feed, which is no error. */
type StreamShape<T extends TopicMap, C> = {
  stream(context: FeedContext<T, C>): AsyncIterable<Publication<T>>;
};

/** Registers callbacks with something that pushes; returns how to let go of it. */
type PushShape<T extends TopicMap, C> = {
  connect(context: FeedContext<T, C>): Cleanup | Promise<Cleanup>;
};

export type FeedDefinition<T extends TopicMap, C extends z.ZodType, S> = Common<T, C> &
  (TimerShape<T, z.output<C>, S> | StreamShape<T, z.output<C>> | PushShape<T, z.output<C>>);

/** How the runtime drives a feed; which one follows from what the definition holds. */
export type FeedShape = 'timer' | 'stream' | 'push';

/** A feed as lists and the runtime hold it, its types forgotten. */
export type Feed = {
  readonly name: string;
  readonly description: string;
  readonly config: z.ZodType;
  /** The topics of the default configuration; none where there is no such thing. */
  readonly topics: TopicMap;
  /** The topics under this parsed configuration. Throws TypeError for one that is malformed. */
  topicsOf(config: unknown): TopicMap;
  readonly retry: Partial<RetryPolicy>;
  /** As the definition says; demand-mode.ts has the default. */
  readonly demand?: DemandMode | undefined;
  readonly shape: FeedShape;
  readonly every: (config: unknown) => number;
  readonly catchUp: number;
  setup(context: FeedContext): unknown;
  tick(context: FeedContext, state: unknown): void | Promise<void>;
  stream(context: FeedContext): AsyncIterable<{ topic: string; data: unknown } & PublishOptions>;
  connect(context: FeedContext): Cleanup | Promise<Cleanup>;
};

/**
 * Checks a feed's definition and gives it to the runtime. Throws TypeError naming the option that is wrong:
 * the name, a topic pattern, the demand, or not exactly one of `tick`, `stream` and `connect`.
 */
export function defineFeed<const T extends TopicMap, C extends z.ZodType = z.ZodObject, S = undefined>(
  definition: FeedDefinition<T, C, S>,
): Feed {
  const loose = definition as unknown as Loose;
  const shape = shapeOf(loose);
  const { name, every, demand } = loose;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new TypeError(`feed name must be like "my-feed", got ${JSON.stringify(name)}`);
  const config = loose.config ?? z.strictObject({});
  const topicsOf = checkedTopics(name, loose.topics);
  if (shape === 'timer' && typeof every !== 'function' && !(typeof every === 'number' && every > 0)) {
    throw new TypeError(`feed "${name}": every must be a positive number of milliseconds, got ${String(every)}`);
  }
  if (demand !== undefined && !demandModes.includes(demand)) {
    throw new TypeError(`feed "${name}": demand must be ${demandModes.join(', ')}, got ${JSON.stringify(demand)}`);
  }
  return {
    [brand]: true,
    name,
    description: loose.description ?? '',
    config,
    topics: typeof loose.topics === 'function' ? defaultTopics(config, topicsOf) : loose.topics,
    topicsOf,
    retry: loose.retry ?? {},
    demand,
    shape,
    every: typeof every === 'function' ? every : () => every ?? 0,
    catchUp: loose.catchUp ?? 1,
    setup: (context) => loose.setup?.(context),
    tick: (context, state) => loose.tick?.(context, state),
    stream: (context) => loose.stream?.(context) ?? nothing(),
    connect: (context) => loose.connect?.(context),
  } as Feed;
}

/** True for what defineFeed returned, also when it came from another copy of this package. */
export function isFeed(value: unknown): value is Feed {
  return typeof value === 'object' && value !== null && brand in value;
}

const brand = Symbol.for('tickwire.feed');
const demandModes: readonly DemandMode[] = ['rate', 'run', 'always'];

type Loose = Partial<Omit<Feed, 'name' | 'topics' | 'topicsOf' | 'every'>> &
  Pick<Feed, 'name'> & { topics: TopicMap | TopicsOf; every?: number | ((config: unknown) => number) };
type TopicsOf = (config: unknown) => TopicMap;

function shapeOf(definition: Loose): FeedShape {
  const shapes = { timer: definition.tick, stream: definition.stream, push: definition.connect };
  const given = Object.entries(shapes).filter(([, method]) => method !== undefined);
  const [only, ...more] = given;
  if (only === undefined || more.length > 0) {
    throw new TypeError(
      `feed "${definition.name}" must have exactly one of tick, stream and connect, has ${given.length}`,
    );
  }
  return only[0] as FeedShape;
}

function checkedTopics(name: string, topics: TopicMap | TopicsOf): TopicsOf {
  if (typeof topics !== 'function') {
    checkTopics(name, topics);
    return () => topics;
  }
  return (config) => {
    const map = topics(config);
    checkTopics(name, map);
    return map;
  };
}

function defaultTopics(config: z.ZodType, topicsOf: TopicsOf): TopicMap {
  const parsed = config.safeParse({});
  return parsed.success ? topicsOf(parsed.data) : {};
}

function checkTopics(name: string, topics: TopicMap): void {
  if (Object.keys(topics ?? {}).length === 0) throw new TypeError(`feed "${name}" declares no topics`);
  for (const [pattern, { kind = 'latest', ttlMs, history }] of Object.entries(topics)) {
    const isGood = pattern.split('.').every((segment) => /^([A-Za-z0-9_-]+|\{[A-Za-z0-9_]+\})$/.test(segment));
    if (!isGood)
      throw new TypeError(`feed "${name}": topic ${JSON.stringify(pattern)} must be dotted segments or {placeholders}`);
    if (history !== undefined) checkHistory(`feed "${name}"`, `topic "${pattern}"`, kind, history);
    if (ttlMs === undefined) continue;
    if (kind !== 'keyed') throw new TypeError(`feed "${name}": topic "${pattern}" is ${kind}, so it takes no ttlMs`);
    if (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > longestTtlMs) {
      throw new TypeError(
        `feed "${name}": ttlMs of topic "${pattern}" must be a whole number from 1 to ${longestTtlMs}, got ${ttlMs}`,
      );
    }
  }
}

function checkHistory(feed: string, topic: string, kind: FeedTopicKind, history: TopicHistory): void {
  if (typeof history !== 'object' || history === null) {
    throw new TypeError(`${feed}: history of ${topic} must be an object, got ${JSON.stringify(history)}`);
  }
  if (kind === 'ephemeral') throw new TypeError(`${feed}: ${topic} is ephemeral, so it takes no history`);
  for (const [option, value] of Object.entries(history)) {
    const least = leastOfHistory[option];
    if (least === undefined)
      throw new TypeError(`${feed}: history of ${topic} has no option ${JSON.stringify(option)}`);
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new TypeError(
      `${feed}: history.${option} of ${topic} must be a whole number of at least ${least}, got ${JSON.stringify(value)}`,
    );
  }
}

const leastOfHistory: Readonly<Record<string, number>> = { maxCount: 0, maxBytes: 1, maxAgeMs: 1 };
const longestTtlMs = 86_400_000; // a day, as everywhere

async function* nothing(): AsyncGenerator<never> {}
