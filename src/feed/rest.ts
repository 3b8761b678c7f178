/** What a feed does while nobody wants it: nothing, and whoever lists feeds sees it. */

import type { FeedLogger } from './define-feed.ts';
import type { FeedDemand } from './feed-parts.ts';
import type { FeedStats } from './feed-stats.ts';
import { wanted } from './until.ts';

export type Resting = {
  readonly name: string;
  readonly log: FeedLogger;
  readonly stats: FeedStats;
  readonly demand: FeedDemand;
  readonly signal: AbortSignal;
};

/** Resolves when the feed is wanted again, or with the abort. */
export async function rest({ name, log, stats, demand, signal }: Resting): Promise<'wanted' | 'aborted'> {
  log.debug(`feed "${name}" rests: nobody wants it`);
  stats.activity = 'idle';
  const how = await wanted(demand, signal);
  if (how === 'aborted') return how;
  stats.activity = 'running';
  log.debug(`feed "${name}" goes on: it is wanted`);
  return how;
}
