/** How long a feed that failed waits before it is started again. */

import type { RetryPolicy } from './define-feed.ts';

export const retryDefaults: RetryPolicy = {
  minDelayMs: 500, // a blip is over by then
  maxDelayMs: 30_000, // a source that comes back is found within half a minute
  resetAfterMs: 60_000, // it ran for a minute: that was no failed start
  maxAttempts: Number.POSITIVE_INFINITY, // a data source that is away tonight is wanted tomorrow
};

export type Backoff = {
  /** Milliseconds to wait after a run of `ranMs`, `askedMs` where the feed asked for that; undefined: give up. */
  afterFailure(ranMs: number, askedMs?: number): number | undefined;
};

export function createBackoff(policy: RetryPolicy, random: () => number): Backoff {
  let attempt = 0;
  return {
    afterFailure(ranMs, askedMs) {
      if (ranMs >= policy.resetAfterMs) attempt = 0;
      attempt++;
      if (attempt > policy.maxAttempts) return undefined;
      return askedMs ?? delayMs(attempt, policy, random);
    },
  };
}

/** Full jitter above the least delay: feeds of one source that failed together do not come back together. */
function delayMs(attempt: number, { minDelayMs, maxDelayMs }: RetryPolicy, random: () => number): number {
  const ceilingMs = Math.min(maxDelayMs, minDelayMs * 2 ** attempt);
  return minDelayMs + random() * Math.max(0, ceilingMs - minDelayMs);
}
