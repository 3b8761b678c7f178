/** What there is to know of a running feed, as plain counters since it was first started. */

/**
 * `starting` until its first sign of life, then what the feed says of itself, `ok` if nothing. The runtime says
 * `degraded` while it waits to restart and after a bad tick, `down` after FeedError.Fatal or the last attempt.
 */
export const feedStates = ['starting', 'ok', 'degraded', 'down', 'ended', 'stopped', 'paused'] as const;
export type FeedState = (typeof feedStates)[number];

/** `idle` while a feed rests because nobody wants it, its status being that of when it last ran, and when it is over. */
export type FeedActivity = 'running' | 'idle';

export type FeedStats = {
  activity: FeedActivity;
  status: FeedState;
  statusText: string | undefined;
  ticks: number;
  /** Ticks that were so late that they were left out. */
  ticksSkipped: number;
  published: number;
  removed: number;
  /** Publications and input that were refused: against the schema, undeclared, or skipped by the feed itself. */
  rejected: number;
  errors: number;
  restarts: number;
  lastError: string | undefined;
  /** Why its last start failed, until the next one. */
  failure: string | undefined;
  /** How long after its deadline a tick began. */
  latenessMs: { last: number; max: number };
};

export function newFeedStats(): FeedStats {
  return {
    activity: 'running',
    status: 'starting',
    statusText: undefined,
    ticks: 0,
    ticksSkipped: 0,
    published: 0,
    removed: 0,
    rejected: 0,
    errors: 0,
    restarts: 0,
    lastError: undefined,
    failure: undefined,
    latenessMs: { last: 0, max: 0 },
  };
}
