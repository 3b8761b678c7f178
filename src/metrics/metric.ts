/** What a metric is: a name, what it means, and how it is read off the house's own plain numbers. */

import type { Hub } from '../bus/index.ts';
import type { RunningFeed } from '../feed/feed-runner.ts';
import type { LogLines } from '../logger.ts';
import type { BucketCounts, Census, ServerCounts } from '../server/index.ts';

export type Labels = Readonly<Record<string, string>>;

/** `help` is one sentence for who sees the name and knows nothing else. */
export type Metric = { readonly name: string; readonly help: string } & (
  | { readonly type: 'counter' | 'gauge'; read(house: MeasuredHouse): number | Iterable<readonly [Labels, number]> }
  | { readonly type: 'histogram'; read(house: MeasuredHouse): Iterable<readonly [Labels, BucketCounts]> }
);

/** Everything that metrics are read from; `census` was taken for this reading. */
export type MeasuredHouse = {
  readonly version: string;
  readonly hub: Pick<Hub, 'counts' | 'fates' | 'topicCounts' | 'streams' | 'historyBytes' | 'pending' | 'missedTopics'>;
  readonly counts: ServerCounts;
  readonly publishToSocket: BucketCounts;
  readonly census: Census;
  readonly maxConnections: number;
  readonly feeds: readonly RunningFeed[];
  readonly requiredFeeds: ReadonlySet<string>;
  readonly logLines: Readonly<LogLines>;
  readonly isReady: boolean;
  readonly isDraining: boolean;
};

/** One series for each entry of a table that is closed. */
export function* perKey(label: string, table: Readonly<Record<string, number>>): Iterable<readonly [Labels, number]> {
  for (const [key, value] of Object.entries(table)) yield [{ [label]: key }, value];
}
