/** What the runtime is handed to run a feed with. */

import type { ZodType } from 'zod';
import type { Clock } from './clock.ts';
import type { FeedLogger, FeedTopicKind, Micros } from './define-feed.ts';
import type { PauseSwitch } from './pause-switch.ts';

/** Where publications go. A refusal is its reason, naming the field; taking it is undefined. */
export type FeedSink = {
  publish(
    topic: string,
    data: unknown,
    options: { ts: Micros; key?: string; ttlMs?: number; kind?: FeedTopicKind },
  ): string | undefined;
  remove(topic: string, key: string, ts: Micros): string | undefined;
  /** The topics of this declared pattern, those to come among them, are of this schema from now on. */
  redeclare(pattern: string, schema: ZodType): void;
};

/** What anybody wants of a feed's topics: updates a second, Infinity for as they come, 0 for nothing. */
export type FeedDemand = {
  rate(): number;
  /** Calls the listener some time after each change. Returns the undo. */
  onChange(listener: () => void): () => void;
};

export type FeedParts = {
  /** Of this instance: one feed may run twice under two names. */
  readonly name: string;
  /** As feed.config parsed it. */
  readonly config: unknown;
  readonly seed: string;
  readonly clock: Clock;
  readonly sink: FeedSink;
  readonly log: FeedLogger;
  /** Absent: everything is wanted always. */
  readonly demand?: FeedDemand;
  /** Stops it by hand. */
  readonly pauseSwitch?: PauseSwitch;
  /** Told of every rejection, where the log tells of one a minute. */
  readonly onRejected?: (reason: string) => void;
  /** For the jitter of restarts only; feeds have their own seeded one. */
  readonly random?: () => number;
};
