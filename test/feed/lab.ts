/** A place to run feeds side by side on one virtual clock. */

import type { Feed, FeedLogger } from '../../src/feed/define-feed.ts';
import { type FeedDemand, type FeedParts, runFeed } from '../../src/feed/feed-runner.ts';
import type { Published } from '../../src/feed/testing.ts';
import { createVirtualClock } from '../../src/feed/virtual-clock.ts';

export const second = 1_000_000;
export const start = Date.UTC(2026, 0, 5) * 1000;

export function createLab({ patienceMs = 100 }: { patienceMs?: number } = {}) {
  const clock = createVirtualClock(start, { patienceMs });
  const published: Published[] = [];
  const logged: string[] = [];
  const log = listLog(logged);
  const sink: FeedParts['sink'] = {
    publish(topic, data, { ts, key }) {
      published.push({ topic, ts, data, ...(key !== undefined && { key }) });
      return undefined;
    },
    remove(topic, key, ts) {
      published.push({ topic, ts, key, removed: true });
      return undefined;
    },
    redeclare: () => {},
  };
  return {
    clock,
    published,
    logged,
    run: (feed: Feed, parts: Partial<FeedParts> = {}) =>
      runFeed(feed, {
        name: feed.name,
        config: feed.config.parse({}),
        seed: 'demo',
        clock,
        sink,
        log,
        random: () => 0.5,
        ...parts,
      }),
    on: (topic: string) => published.filter((one) => one.topic === topic),
    /** To so many seconds after the start. */
    until: (seconds: number) => clock.advanceTo(start + seconds * second),
  };
}

/** Demand that is what a test says, told at once. */
export function createDemand(rate: number): FeedDemand & { want(rate: number): void; listening(): number } {
  let wanted = rate;
  const listeners = new Set<() => void>();
  return {
    rate: () => wanted,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listening: () => listeners.size,
    want(rate) {
      wanted = rate;
      for (const listener of [...listeners]) listener();
    },
  };
}

export function listLog(lines: string[]): FeedLogger {
  const keep = (message: string) => void lines.push(message);
  return { debug: keep, info: keep, warn: keep, error: keep };
}

export function never(): Promise<never> {
  return new Promise(() => undefined);
}
