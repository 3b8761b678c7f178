/** What a program sees of a client. */

import type { HistoryPage, HistoryQuery } from '../protocol/frames.ts';
import type { ConnectionState } from './connection.ts';
import type { TickwireError } from './errors.ts';
import type { Message, TopicInfo } from './message.ts';
import type { Draining, EpochChange, Gap, QualityChange, Recovered, Repaired, Skipped, StepChange } from './notices.ts';
import type { Published, PublishOptions } from './publisher.ts';
import type { ClockReading } from './server-clock.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

export type ClientEvents = {
  state: ConnectionState;
  /** Never the end of the client. What nobody listens for is written to the console. */
  error: TickwireError;
  /** The client is closed for good without having been asked to. */
  givenUp: { readonly code: number; readonly reason: string };
  /** A topic that a subscription selects became known on this connection. */
  topic: TopicInfo;
  /** Publications of an `event` topic are lost, while there was a connection or while there was none. */
  gap: Gap;
  /** The server left out publications, as was asked or because we are slow. */
  skipped: Skipped;
  /** A topic began a new life: the server was restarted, and what its past life still published is not known. */
  epoch: EpochChange;
  /** A subscription is up to date again after a reconnect. */
  recovered: Recovered;
  /** What a subscription or one of its topics shows became more, or less, than the present. */
  quality: QualityChange;
  /** The server serves us less than everything, or everything again. */
  step: StepChange;
  /** The server is going. The client moves to the next one by itself, and says `state` once it has. */
  draining: Draining;
  /** What was held of a topic was not what the server holds, and is now. */
  repaired: Repaired;
};

export type Listener<T> = (message: Message<T>) => unknown;

/** `Feeds` maps patterns to payload types; under other patterns a payload is `unknown`, or what the caller says. */
export type Client<Feeds extends object = NoFeeds> = {
  readonly state: ConnectionState;
  /** Returns its undo; undoing twice is harmless. */
  on<Event extends keyof ClientEvents>(event: Event, listener: (value: ClientEvents[Event]) => void): () => void;
  /** Outlives connections. Throws TickwireError when the pattern is none, or the client is closed. */
  readonly subscribe: Subscribe<Feeds>;
  /** Resolves once the server has taken it. Rejects with TickwireError: `forbidden` on topics of a feed. */
  publish(topic: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /**
   * One page of what a topic published: after `after` oldest first, or with `reverse` before `before` newest first, 100
   * items unless `limit` says otherwise. Waits for a connection. Rejects with TickwireError: `unknownTopic`, `noHistory`,
   * `otherEpoch`, `futurePosition`.
   */
  history(topic: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Page after page of one epoch, until there are no more; rejects as `history` does. */
  historyAll(topic: string, query?: HistoryQuery): AsyncIterable<HistoryPage>;
  /** Rejects when there is no connection. */
  ping(): Promise<ClockReading>;
  /** The server's time in milliseconds since 1970, as well as it is known; our own before the first connection. */
  serverNow(): number;
  /** The end: subscriptions are over, and what was not yet answered is rejected. Twice is harmless. */
  close(code?: number): void;
};

export type NoFeeds = Record<never, never>;

type Subscribe<Feeds> = {
  <P extends keyof Feeds & string>(
    pattern: P,
    listener: Listener<Feeds[P]>,
    options?: SubscribeOptions,
  ): Subscription<Feeds[P]>;
  <P extends keyof Feeds & string>(pattern: P, options?: SubscribeOptions): Subscription<Feeds[P]>;
  <T = unknown>(pattern: string, listener: Listener<T>, options?: SubscribeOptions): Subscription<T>;
  <T = unknown>(pattern: string, options?: SubscribeOptions): Subscription<T>;
};
