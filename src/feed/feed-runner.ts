/** Runs one feed for as long as the house stands: starts it when it is wanted, restarts it when it fails, stops it. */

import { type Backoff, createBackoff, retryDefaults } from './backoff.ts';
import type { Feed } from './define-feed.ts';
import type { FeedDemand, FeedParts } from './feed-parts.ts';
import { type FeedStart, startFeed } from './feed-start.ts';
import { type FeedState, type FeedStats, newFeedStats } from './feed-stats.ts';
import { followedDemand } from './followed-demand.ts';
import { createLimitedLog, type LimitedLog } from './limited-log.ts';
import { PauseSwitch } from './pause-switch.ts';
import { runPush } from './push-loop.ts';
import { rest } from './rest.ts';
import { runStream } from './stream-loop.ts';
import { runTimer } from './timer-loop.ts';
import { reached } from './until.ts';
import { reasonOf, verdictOf } from './verdict.ts';

export type { FeedDemand, FeedParts, FeedSink } from './feed-parts.ts';
export type { FeedActivity, FeedState, FeedStats } from './feed-stats.ts';

export type RunningFeed = {
  readonly name: string;
  /** As it is now; the object is the caller's own. */
  stats(): FeedStats;
  /** It rests until it is resumed, whatever is wanted of it; a timer keeps its state. Twice is harmless. */
  pause(): void;
  resume(): void;
  /** From the call on nothing is published. Waits up to 1.5 s for the feed to let go, then goes on without it. */
  stop(): Promise<void>;
};

export const stopGraceMs = 1500; // time for a broker's goodbye; with more, Ctrl-C would take longer than two seconds

/** Whatever the feed does, this never throws and its neighbours never notice. It rests while nobody wants it. */
export function runFeed(feed: Feed, given: FeedParts): RunningFeed {
  const pauseSwitch = new PauseSwitch();
  const parts = { ...given, pauseSwitch };
  const problems = createLimitedLog((message) => parts.log.warn(message), parts.clock);
  const life = new FeedLife(feed, parts, problems);
  const over = life.run();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    life.stop();
    await over;
    problems.flush();
  };
  return {
    name: parts.name,
    stats: () => ({ ...shownStats(life.stats, pauseSwitch.isPaused), latenessMs: { ...life.stats.latenessMs } }),
    pause: () => pauseSwitch.set(true),
    resume: () => pauseSwitch.set(false),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** What is over for good is not paused. */
function shownStats(stats: FeedStats, isPaused: boolean): FeedStats {
  const isOver = stats.status === 'down' || stats.status === 'ended' || stats.status === 'stopped';
  return isPaused && !isOver ? { ...stats, status: 'paused' } : stats;
}

/** `rested`: it was ended from here, because nobody wanted it or for good. */
type Outcome = { readonly name: 'ended' | 'rested' } | Failure;
type Failure = { readonly name: 'failed'; readonly error: unknown; readonly ranMs: number };

const loops = { timer: runTimer, stream: runStream, push: runPush } as const;

class FeedLife {
  readonly stats = newFeedStats();
  readonly #feed: Feed;
  readonly #parts: FeedParts;
  readonly #problems: LimitedLog;
  readonly #backoff: Backoff;
  readonly #demand: FeedDemand;
  readonly #stopping = new AbortController();
  #start: FeedStart | undefined;

  constructor(feed: Feed, parts: FeedParts, problems: LimitedLog) {
    this.#feed = feed;
    this.#parts = parts;
    this.#problems = problems;
    this.#backoff = createBackoff({ ...retryDefaults, ...feed.retry }, parts.random ?? Math.random);
    this.#demand = followedDemand(feed, parts);
  }

  async run(): Promise<void> {
    await this.#startAndRest();
    this.stats.activity = 'idle';
  }

  stop(): void {
    this.#stopping.abort();
    this.#start?.end(`feed "${this.#parts.name}" was stopped`);
    this.#say('stopped');
  }

  /** The wait after a failure is the source's due: demand that comes meanwhile does not shorten it. */
  async #startAndRest(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock } = this.#parts;
    let failure: Failure | undefined;
    for (;;) {
      if (this.#demand.rate() === 0) await this.#rest(failure);
      if (signal.aborted) return;
      if (failure !== undefined) this.stats.restarts++;
      const outcome = await this.#runOnce();
      if (signal.aborted) return;
      if (outcome.name === 'ended') return this.#say('ended');
      failure = outcome.name === 'failed' ? outcome : undefined;
      if (failure === undefined) continue;
      const delayMs = this.#delayAfter(failure.error, failure.ranMs);
      if (delayMs === undefined) return;
      await reached(clock, clock.now() + Math.round(delayMs * 1000), signal);
      if (signal.aborted) return;
    }
  }

  async #rest(failure: Failure | undefined): Promise<void> {
    const { name, log } = this.#parts;
    if (failure !== undefined) this.#say('degraded', `${reasonOf(failure.error)}; starting again when it is wanted`);
    await rest({ name, log, stats: this.stats, demand: this.#demand, signal: this.#stopping.signal });
  }

  /** A start whose feed code is still at it after it is over can do no more than warm the room. */
  async #runOnce(): Promise<Outcome> {
    const startedAt = this.#parts.clock.now();
    let start: FeedStart | undefined;
    try {
      this.#say('starting');
      this.stats.failure = undefined;
      start = startFeed(this.#feed, this.#parts, this.stats, this.#problems);
      this.#start = start;
      await this.#runToEnd(start);
      return { name: start.signal.aborted ? 'rested' : 'ended' };
    } catch (error) {
      if (start?.signal.aborted === true) return { name: 'rested' };
      return { name: 'failed', error, ranMs: (this.#parts.clock.now() - startedAt) / 1000 };
    } finally {
      start?.end(`this start of feed "${this.#parts.name}" is over`);
    }
  }

  /** A timer rests by itself, and keeps its state; the other shapes are ended when nobody wants them any more. */
  async #runToEnd(start: FeedStart): Promise<void> {
    const { shape } = this.#feed;
    const endIfUnwanted = () => {
      if (shape !== 'timer' && start.demand.rate() === 0) start.end(`nobody wants feed "${start.name}" now`);
    };
    const unwatch = start.demand.onChange(endIfUnwanted);
    try {
      await withinGrace(loops[shape](start), start);
    } finally {
      unwatch();
    }
  }

  /** Milliseconds until the next start; undefined where there is none. */
  #delayAfter(error: unknown, ranMs: number): number | undefined {
    const verdict = verdictOf(error);
    const reason = reasonOf(error);
    this.stats.errors++;
    this.stats.lastError = reason;
    this.stats.failure = reason;
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

/** Ends as the loop does; without it, when that takes too long after its start was ended. */
function withinGrace(loop: Promise<void>, { signal, clock, context: { log }, name }: FeedStart): Promise<void> {
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const giveUp = () => {
      log.warn(`feed "${name}" did not stop within ${stopGraceMs / 1000} s; going on without it`);
      resolve();
    };
    const setLimit = () => {
      cancel = clock.at(clock.now() + stopGraceMs * 1000, giveUp);
    };
    if (signal.aborted) setLimit();
    else signal.addEventListener('abort', setLimit, { once: true });
    const settle = () => {
      signal.removeEventListener('abort', setLimit);
      cancel();
    };
    loop.finally(settle).then(resolve, reject);
  });
}
