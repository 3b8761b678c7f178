/** How a feed goes by what is wanted of it. */

import type { DemandMode, Feed, TopicMap } from './define-feed.ts';
import type { FeedDemand, FeedParts } from './feed-parts.ts';

/** What the feed is to follow: as it is where it goes by the rate, all or nothing where it only runs or rests. */
export function followedDemand(feed: Feed, parts: FeedParts): FeedDemand {
  const demand = unpausedDemand(feed, parts);
  return parts.pauseSwitch?.over(demand) ?? demand;
}

function unpausedDemand(feed: Feed, { config, demand }: FeedParts): FeedDemand {
  const mode = demandModeOf(feed, feed.topicsOf(config));
  if (demand === undefined || mode === 'always') return always;
  if (mode === 'rate') return demand;
  return { rate: () => (demand.rate() > 0 ? asItComes : 0), onChange: (listener) => demand.onChange(listener) };
}

/** As the feed says. By default only a timer of `latest` values is slowed: nothing is lost by it but what nobody sees. */
export function demandModeOf({ demand, shape }: Feed, topics: TopicMap): DemandMode {
  if (demand !== undefined) return demand;
  const isAllLatest = Object.values(topics).every(({ kind = 'latest' }) => kind === 'latest');
  return shape === 'timer' && isAllLatest ? 'rate' : 'run';
}

const asItComes = Number.POSITIVE_INFINITY;
const always: FeedDemand = { rate: () => asItComes, onChange: () => () => undefined };
