/** What an admin may do to feeds and the log. */

import { logLevels } from './config/config-input.ts';
import type { FeedStats, RunningFeed } from './feed/feed-runner.ts';
import type { Logger } from './logger.ts';
import type { ControlledFeed, Controls } from './server/index.ts';

export type ControlledHouse = {
  readonly feeds: readonly RunningFeed[];
  readonly requiredFeeds: ReadonlySet<string>;
  readonly log: Logger;
};

export function controlsOf({ feeds, requiredFeeds, log }: ControlledHouse): Controls {
  return {
    feeds: () => feeds.map((feed) => shown(feed.name, feed.stats(), requiredFeeds.has(feed.name))),
    pauseFeed(name, isPaused) {
      const feed = feeds.find((one) => one.name === name);
      if (isPaused) feed?.pause();
      else feed?.resume();
      return feed !== undefined;
    },
    logLevels,
    logLevel: () => log.level,
    setLogLevel(level) {
      log.level = level;
    },
  };
}

function shown(name: string, stats: FeedStats, isRequired: boolean): ControlledFeed {
  const { status, statusText, activity, ticks, published, removed, rejected, errors, restarts, lastError } = stats;
  return {
    name,
    status,
    ...(statusText !== undefined && { text: statusText }),
    activity,
    ticks,
    published: published + removed,
    rejected,
    errors,
    restarts,
    ...(lastError !== undefined && { lastError }),
    isRequired,
  };
}
