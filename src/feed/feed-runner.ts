/** Runs one feed for as long as the house stands: starts it, restarts it when it fails, stops it. */

import { type Backoff, createBackoff, retryDefaults } from './backoff.ts';
import type { Feed } from './define-feed.ts';
import type { FeedParts } from './feed-parts.ts';
import { type FeedStart, startFeed } from './feed-start.ts';
import { type FeedState, type FeedStats, newFeedStats } from './feed-stats.ts';
import { createLimitedLog, type LimitedLog } from './limited-log.ts';
import { runPush } from './push-loop.ts';
import { runStream } from './stream-loop.ts';
import { runTimer } from './timer-loop.ts';
import { reached } from './until.ts';
import { reasonOf, verdictOf } from './verdict.ts';

export type { FeedParts, FeedSink } from './feed-parts.ts';
export type { FeedState, FeedStats } from './feed-stats.ts';

export type RunningFeed = {
  readonly name: string;
  /** As it is now; the object is the caller's own. */
  stats(): FeedStats;
  /** From the call on nothing is published. Waits up to 1.5 s for the feed to let go, then goes on without it. */
  stop(): Promise<void>;
};

export const stopGraceMs = 1500; // time for a broker's goodbye; with more, Ctrl-C would take longer than two seconds

/** Whatever the feed does, this never throws and its neighbours never notice. */
export function runFeed(feed: Feed, parts: FeedParts): RunningFeed {
  const { name, clock, log } = parts;
  const problems = createLimitedLog((message) => log.warn(message), clock);
  const life = new FeedLife(feed, parts, problems);
  const over = life.run();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    life.stop();
    await withinGrace(over, parts);
    problems.flush();
  };
  return {
    name,
    stats: () => ({ ...life.stats, latenessMs: { ...life.stats.latenessMs } }),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function withinGrace(over: Promise<void>, { name, clock, log }: FeedParts): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.at(clock.now() + stopGraceMs * 1000, () => {
      log.warn(`feed "${name}" did not stop within ${stopGraceMs / 1000} s; going on without it`);
      resolve();
    });
    over.finally(() => {
      cancel();
      resolve();
    });
  });
}

type Outcome =
  | { readonly name: 'ended' }
  | { readonly name: 'failed'; readonly error: unknown; readonly ranMs: number };

const loops = { timer: runTimer, stream: runStream, push: runPush } as const;

class FeedLife {
  readonly stats = newFeedStats();
  readonly #feed: Feed;
  readonly #parts: FeedParts;
  readonly #problems: LimitedLog;
  readonly #backoff: Backoff;
  readonly #stopping = new AbortController();
  #start: FeedStart | undefined;

  constructor(feed: Feed, parts: FeedParts, problems: LimitedLog) {
    this.#feed = feed;
    this.#parts = parts;
    this.#problems = problems;
    this.#backoff = createBackoff({ ...retryDefaults, ...feed.retry }, parts.random ?? Math.random);
  }

  async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const outcome = await this.#runOnce();
      if (signal.aborted) return;
      if (outcome.name === 'ended') return this.#say('ended');
      const delayMs = this.#delayAfter(outcome.error, outcome.ranMs);
      if (delayMs === undefined) return;
      const { clock } = this.#parts;
      await reached(clock, clock.now() + Math.round(delayMs * 1000), signal);
      this.stats.restarts += signal.aborted ? 0 : 1;
    }
  }

  stop(): void {
    this.#stopping.abort();
    this.#start?.end(`feed "${this.#parts.name}" was stopped`);
    this.#say('stopped');
  }

  /** A start whose feed code is still at it after it failed can do no more than warm the room. */
  async #runOnce(): Promise<Outcome> {
    const { clock, name } = this.#parts;
    const startedAt = clock.now();
    try {
      this.#say('starting');
      this.#start = startFeed(this.#feed, this.#parts, this.stats, this.#problems);
      await loops[this.#feed.shape](this.#start);
      return { name: 'ended' };
    } catch (error) {
      return { name: 'failed', error, ranMs: (clock.now() - startedAt) / 1000 };
    } finally {
      this.#start?.end(`this start of feed "${name}" is over`);
    }
  }

  /** Milliseconds until the next start; undefined where there is none. */
  #delayAfter(error: unknown, ranMs: number): number | undefined {
    const verdict = verdictOf(error);
    const reason = reasonOf(error);
    this.stats.errors++;
    this.stats.lastError = reason;
    if (verdict.name === 'fatal') return this.#giveUp(reason);
    const asked = verdict.name === 'retry' ? verdict.afterMs : undefined;
    const delayMs = this.#backoff.afterFailure(ranMs, asked);
    if (delayMs === undefined) return this.#giveUp(`${reason} (no attempt left)`);
    const text = `${reason}; starting again in ${(delayMs / 1000).toFixed(1)} s`;
    this.#say('degraded', text);
    this.#problems.report('restart', `feed "${this.#parts.name}" failed: ${text}`);
    return delayMs;
  }

  #giveUp(reason: string): undefined {
    this.#say('down', reason);
    this.#parts.log.error(`feed "${this.#parts.name}" is down: ${reason}`);
  }

  #say(status: FeedState, text?: string): void {
    this.stats.status = status;
    this.stats.statusText = text;
  }
}
