/** A feed without which the server is not ready. */

import type { FeedDemand, FeedStats, RunningFeed } from './feed/feed-runner.ts';

/** What is wrong with it, naming it; undefined while it is well, or rests because nobody wants it. */
export function requiredFeedFault({ name, stats }: Pick<RunningFeed, 'name' | 'stats'>): string | undefined {
  const fault = faultOf(stats());
  return fault === undefined ? undefined : `feed "${name}" ${fault}`;
}

function faultOf({ status, statusText, failure, activity }: FeedStats): string | undefined {
  switch (status) {
    case 'down':
      return `is down${statusText === undefined ? '' : `: ${statusText}`}`;
    case 'ended':
      return 'has ended';
    case 'stopped':
      return 'is stopped';
    case 'paused':
      return 'is paused';
    case 'starting':
      return activity === 'running' ? 'is starting' : undefined;
    case 'degraded':
      return failure === undefined ? undefined : `failed: ${statusText ?? failure}`;
    case 'ok':
      return undefined;
    default:
      return unreachable(status);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled case ${JSON.stringify(value)}`);
}

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
