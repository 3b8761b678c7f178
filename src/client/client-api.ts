/** What a program sees of a client. */

import type { ConnectionState } from './connection.ts';
import type { TickwireError } from './errors.ts';
import type { Gap, Message, TopicInfo } from './message.ts';
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
  /** An `event` topic moved on while there was no connection. */
  gap: Gap;
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
