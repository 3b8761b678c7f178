import { type FeedStats, feedStates } from '../feed/feed-stats.ts';
import type { Labels, MeasuredHouse, Metric } from './metric.ts';

/** How each feed is doing. Names of feeds come from the configuration. */
export const feedMetrics: readonly Metric[] = [
  feedMetric('ticks_total', 'counter', 'Times that the feed was due and ran.', ({ ticks }) => ticks),
  feedMetric(
    'ticks_skipped_total',
    'counter',
    'Times that it was so late that it was left out.',
    (stats) => stats.ticksSkipped,
  ),
  feedMetric(
    'publications_total',
    'counter',
    'What it published, rows taken off included.',
    (stats) => stats.published + stats.removed,
  ),
  feedMetric('rejected_total', 'counter', 'What it wanted to publish and was refused.', ({ rejected }) => rejected),
  feedMetric('errors_total', 'counter', 'Failures of the feed.', ({ errors }) => errors),
  feedMetric(
    'restarts_total',
    'counter',
    'Times that it was started again after a failure.',
    ({ restarts }) => restarts,
  ),
  feedMetric('active', 'gauge', '1 while it runs, 0 while it rests because nobody wants it.', ({ activity }) =>
    Number(activity === 'running'),
  ),
  feedMetric(
    'lateness_seconds',
    'gauge',
    'How long after it was due its last tick began.',
    ({ latenessMs }) => latenessMs.last / 1000,
  ),
  {
    name: 'tickwire_feed_status',
    help: '1 for the status that the feed has, 0 for all others.',
    type: 'gauge',
    read: statuses,
  },
  {
    name: 'tickwire_feed_required',
    help: '1 for a feed without which the server is not ready.',
    type: 'gauge',
    read: ({ feeds, requiredFeeds }) =>
      feeds.map(({ name }) => [{ feed: name }, Number(requiredFeeds.has(name))] as const),
  },
];

function feedMetric(
  what: string,
  type: 'counter' | 'gauge',
  help: string,
  numberOf: (stats: FeedStats) => number,
): Metric {
  const name = `tickwire_feed_${what}`;
  return { name, help, type, read: ({ feeds }) => feeds.map((feed) => [{ feed: feed.name }, numberOf(feed.stats())]) };
}

function* statuses({ feeds }: MeasuredHouse): Iterable<readonly [Labels, number]> {
  for (const feed of feeds) {
    const now = feed.stats().status;
    for (const status of feedStates) yield [{ feed: feed.name, status }, Number(status === now)];
  }
}
