/** One start of a feed: from its setup to its failure, its end or the stop, with the context that is good for so long. */

import type { Clock } from './clock.ts';
import type { Feed, FeedContext, FeedStatus, Micros } from './define-feed.ts';
import type { FeedDemand, FeedParts } from './feed-parts.ts';
import { createPublisher } from './feed-publisher.ts';
import type { FeedStats } from './feed-stats.ts';
import { followedDemand } from './followed-demand.ts';
import type { LimitedLog } from './limited-log.ts';
import { createRng, type Rng } from './random.ts';
import { reached } from './until.ts';

export type FeedStart = {
  readonly feed: Feed;
  readonly context: FeedContext;
  /** Aborted when this start is over; nothing that its feed still does is published then. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** What this feed goes by: never 0 for one that runs always. */
  readonly demand: FeedDemand;
  readonly stats: FeedStats;
  readonly problems: LimitedLog;
  readonly config: unknown;
  readonly name: string;
  /** Runs the feed's own code; what it throws comes out as a rejection. Warns once when it takes too long. */
  call<R>(work: FeedWork, run: () => R | Promise<R>): Promise<R>;
  /** While set, the feed's clock shows this: the deadline of the tick that runs. */
  tickAt: Micros | undefined;
  /** The feed has shown life: `ok`, unless it said something of its own. */
  alive(): void;
  end(reason: string): void;
};

/** `hangsAfterMs`: when slow stops being normal. Waiting for a source's next item never is a hang. */
export type FeedWork = { readonly what: string; readonly hangsAfterMs?: number };

export const hangsAfterMs = 10_000; // longer than a slow connection takes, short enough that somebody is still looking

export function startFeed(feed: Feed, parts: FeedParts, stats: FeedStats, problems: LimitedLog): FeedStart {
  const { clock, config, name } = parts;
  const ending = new AbortController();
  const activity = { calls: 0, sleeps: 0 };
  const letGo = clock.holdWhile?.(() => activity.calls > 0 && activity.sleeps === 0);
  const start: FeedStart = {
    feed,
    context: createContext(feed, parts, {
      stats,
      problems,
      activity,
      signal: ending.signal,
      now: () => start.tickAt ?? clock.now(),
    }),
    signal: ending.signal,
    clock,
    demand: followedDemand(feed, parts),
    stats,
    problems,
    config,
    name,
    tickAt: undefined,
    async call(work, run) {
      activity.calls++;
      try {
        const result = run();
        return isPending(result) ? await watched(result, work, start) : result;
      } finally {
        activity.calls--;
        if (activity.calls === 0 && ending.signal.aborted) letGo?.();
      }
    },
    alive() {
      if (stats.status === 'starting') stats.status = 'ok';
    },
    end(reason) {
      ending.abort(new Error(reason));
      if (activity.calls === 0) letGo?.();
    },
  };
  return start;
}

type ContextNeeds = {
  stats: FeedStats;
  problems: LimitedLog;
  activity: { sleeps: number };
  signal: AbortSignal;
  now: () => Micros;
};

function createContext(feed: Feed, parts: FeedParts, needs: ContextNeeds): FeedContext {
  const { signal, now, stats } = needs;
  const publisher = createPublisher(feed, parts, needs);
  return {
    config: parts.config,
    publish: (topic: unknown, data: unknown, options?: unknown) => {
      if (!signal.aborted) publisher.publish(topic, data, options);
    },
    remove: (topic, key, options) => {
      if (!signal.aborted) publisher.remove(topic, key, options);
    },
    redeclare: (pattern, { schema }) => {
      if (!Object.hasOwn(feed.topicsOf(parts.config), pattern)) {
        throw new TypeError(`feed "${parts.name}" declares no topics ${JSON.stringify(pattern)} to redeclare`);
      }
      if (!signal.aborted) parts.sink.redeclare(pattern, schema);
    },
    reject: (reason) => {
      if (!signal.aborted) publisher.reject(reason);
    },
    rng: namedRngs(parts),
    clock: { now, sleep: (ms) => sleep(ms, parts.clock, needs) },
    signal,
    demand: () => parts.demand?.rate() ?? Number.POSITIVE_INFINITY,
    status: (level, text) => {
      if (!signal.aborted) setStatus(stats, level, text);
    },
    log: parts.log,
  };
}

function setStatus(stats: FeedStats, level: FeedStatus, text: string | undefined): void {
  stats.status = level;
  stats.statusText = text;
}

/** A stream goes on where it was for as long as this start lasts. */
function namedRngs({ seed, name: feedName }: FeedParts): (name?: string) => Rng {
  const rngs = new Map<string, Rng>();
  return (name = '') => {
    const rng = rngs.get(name) ?? createRng(seed, `${feedName}/${name}`);
    rngs.set(name, rng);
    return rng;
  };
}

function sleep(ms: number, clock: Clock, { signal, activity }: ContextNeeds): Promise<void> {
  const due = clock.now() + Math.max(0, Math.round(ms * 1000) || 0);
  activity.sleeps++;
  const slept = reached(clock, due, signal).then((how) => {
    activity.sleeps--;
    if (how === 'aborted') throw signal.reason;
  });
  slept.catch(() => undefined); // a sleep that nobody awaits must not bring the process down when the feed is stopped
  return slept;
}

function isPending<R>(result: R | Promise<R>): result is Promise<R> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}

async function watched<R>(work: Promise<R>, { what, hangsAfterMs }: FeedWork, start: FeedStart): Promise<R> {
  if (hangsAfterMs === undefined) return await work;
  const { clock, name, problems } = start;
  const warn = () => problems.report('hang', `feed "${name}": ${what} has not returned for ${hangsAfterMs / 1000} s`);
  const cancel = clock.at(clock.now() + hangsAfterMs * 1000, warn);
  try {
    return await work;
  } finally {
    cancel();
  }
}
