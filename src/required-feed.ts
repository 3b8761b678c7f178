/** A feed without which the server is not ready. */

import type { FeedDemand, FeedState, FeedStats, RunningFeed } from './feed/feed-runner.ts';

/** What is wrong with it, naming it; undefined while it is well, or rests because nobody wants it. */
export function requiredFeedFault({ name, stats }: Pick<RunningFeed, 'name' | 'stats'>): string | undefined {
  const now = stats();
  const fault = faults[now.status](now);
  return fault === undefined ? undefined : `feed "${name}" ${fault}`;
}

/** What speaks against a feed in each state. */
const faults: Record<FeedState, (stats: FeedStats) => string | undefined> = {
  ok: () => undefined,
  starting: ({ activity }) => (activity === 'running' ? 'is starting' : undefined),
  degraded: ({ failure, statusText }) => (failure === undefined ? undefined : `failed: ${statusText ?? failure}`),
  down: ({ statusText }) => `is down${statusText === undefined ? '' : `: ${statusText}`}`,
  ended: () => 'has ended',
  stopped: () => 'is stopped',
  paused: () => 'is paused',
};

const tryingRate = 1; // updates a second: enough to see that it is well again

/**
 * What is wanted of a feed that is required. Once it is unwell it does not rest though nobody wants it: no client is
 * sent here before it is well, so none would ever want it.
 */
export function requiredDemand(demand: FeedDemand, isUnwell: () => boolean): FeedDemand {
  return {
    rate: () => demand.rate() || (isUnwell() ? tryingRate : 0),
    onChange: (listener) => demand.onChange(listener),
  };
}
