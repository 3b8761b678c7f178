/** Runs a timer feed: its ticks fall on t0 + k · every, t0 being the first whole multiple of `every` after the start. */

import type { Clock } from './clock.ts';
import type { Micros } from './define-feed.ts';
import { FeedError } from './feed-error.ts';
import { type FeedStart, hangsAfterMs } from './feed-start.ts';
import { reached } from './until.ts';
import { reasonOf, verdictOf } from './verdict.ts';

/** Resolves when the start is over. A tick that throws is reported and the beat goes on, unless it is a FeedError. */
export async function runTimer(start: FeedStart): Promise<void> {
  const { feed, context, clock, signal } = start;
  const every = everyMicros(start);
  const state = await start.call({ what: 'setup', hangsAfterMs }, () => feed.setup(context));
  start.alive();
  let due = nextMultiple(clock.now(), every);
  while ((await reached(clock, due, signal)) === 'reached') {
    const late = clock.isVirtual ? 0 : ticksToSkip(due, every, clock, feed.catchUp);
    start.stats.ticksSkipped += late;
    due += late * every;
    await tick(start, state, due, every);
    due = nextDue(due, every, clock);
  }
}

function everyMicros({ feed, config, name }: FeedStart): Micros {
  const everyMs = feed.every(config);
  const every = Math.round(everyMs * 1000);
  if (every > 0 && Number.isSafeInteger(every)) return every;
  throw new FeedError.Fatal(`feed "${name}": every must be a positive number of milliseconds, got ${String(everyMs)}`);
}

/** Always later than now: setup has the moment of the start to itself. */
function nextMultiple(now: Micros, every: Micros): Micros {
  return now - (now % every) + every;
}

/** The oldest of the missed go first; `catchUp` of them and the newest remain. */
function ticksToSkip(due: Micros, every: Micros, clock: Clock, catchUp: number): number {
  const missed = Math.floor((clock.now() - due) / every);
  return Math.max(0, missed - catchUp);
}

async function tick(start: FeedStart, state: unknown, due: Micros, every: Micros): Promise<void> {
  const { feed, context, clock, stats, signal } = start;
  recordLateness(stats.latenessMs, (clock.now() - due) / 1000);
  stats.ticks++;
  start.tickAt = due;
  try {
    const work = { what: 'tick', hangsAfterMs: Math.max((10 * every) / 1000, hangsAfterMs) };
    await start.call(work, () => feed.tick(context, state));
    recovered(start);
  } catch (error) {
    if (signal.aborted) return;
    if (verdictOf(error).name !== 'other') throw error;
    failed(start, error);
  } finally {
    start.tickAt = undefined;
  }
}

function recordLateness(latenessMs: { last: number; max: number }, ms: number): void {
  latenessMs.last = Math.max(0, ms);
  latenessMs.max = Math.max(latenessMs.max, latenessMs.last);
}

function failed({ stats, problems, name }: FeedStart, error: unknown): void {
  const reason = reasonOf(error);
  stats.errors++;
  stats.lastError = reason;
  if (stats.status === 'ok') Object.assign(stats, { status: 'degraded', statusText: `${badTick}${reason}` });
  problems.report('tick', `feed "${name}": tick failed: ${reason}`);
}

/** Takes back what `failed` said, and nothing that the feed said itself. */
function recovered({ stats }: FeedStart): void {
  if (stats.status !== 'degraded' || !stats.statusText?.startsWith(badTick)) return;
  Object.assign(stats, { status: 'ok', statusText: undefined });
}

const badTick = 'the last tick failed: ';
const farAhead = 1_000_000; // the wall was set back by this or more: begin a new beat rather than fall silent

function nextDue(due: Micros, every: Micros, clock: Clock): Micros {
  const next = due + every;
  const now = clock.now();
  return next - now > Math.max(2 * every, farAhead) ? nextMultiple(now, every) : next;
}
