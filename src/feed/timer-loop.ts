/** Runs a timer feed: ticks on its beat, rests while nobody wants it, goes on with the same state. */

import { Beat } from './beat.ts';
import type { Micros } from './define-feed.ts';
import { FeedError } from './feed-error.ts';
import { type FeedStart, hangsAfterMs } from './feed-start.ts';
import { rest } from './rest.ts';
import { reached } from './until.ts';
import { reasonOf, verdictOf } from './verdict.ts';

/** Resolves when the start is over. A tick that throws is reported and the beat goes on, unless it is a FeedError. */
export async function runTimer(start: FeedStart): Promise<void> {
  const { name, feed, context, clock, signal, demand, stats } = start;
  const every = everyMicros(start);
  const state = await start.call({ what: 'setup', hangsAfterMs }, () => feed.setup(context));
  start.alive();
  const beat = new Beat(start, every);
  for (;;) {
    const how = await reached(clock, beat.due, signal, demand);
    if (how === 'aborted') return;
    if (how === 'reached') {
      stats.ticksSkipped += beat.skipLate(feed.catchUp);
      await tick(start, state, beat);
      beat.ticked();
    } else beat.changed();
    if (!beat.isIdle) continue;
    if ((await rest({ name, log: context.log, stats, demand, signal })) === 'aborted') return;
    beat.resume();
  }
}

function everyMicros({ feed, config, name }: FeedStart): Micros {
  const everyMs = feed.every(config);
  const every = Math.round(everyMs * 1000);
  if (every > 0 && Number.isSafeInteger(every)) return every;
  throw new FeedError.Fatal(`feed "${name}": every must be a positive number of milliseconds, got ${String(everyMs)}`);
}

async function tick(start: FeedStart, state: unknown, { due, every }: Beat): Promise<void> {
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
