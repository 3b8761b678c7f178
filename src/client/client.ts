/** One door to a Tickwire server: puts the SDK's parts together and hands each frame to the part that it is for. */

import { decodeServerFrames, encodeClientFrame } from '../protocol/codec.ts';
import type { ClientFrame, FrameOf, ServerFrame, Welcome } from '../protocol/frames.ts';
import { patternFault } from '../protocol/topic.ts';
import { Connection, type ConnectionState, silentCode } from './connection.ts';
import { Emitter } from './emitter.ts';
import { TickwireError } from './errors.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Gap, Message, TopicInfo } from './message.ts';
import { type ClientOptions, type ConnectOptions, clientOptions } from './options.ts';
import { Pinger } from './pinger.ts';
import { type Published, Publisher, type PublishOptions } from './publisher.ts';
import { type ClockReading, ServerClock } from './server-clock.ts';
import { serverUrl } from './server-url.ts';
import { LiveSubscription, type SubscribeOptions, type Subscription, subscriptionDefaults } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';
import { TopicTable } from './topic-table.ts';
import { sdkName } from './version.ts';

export type ClientEvents = {
  state: ConnectionState;
  /** Nothing that ends the client. Errors that nobody listens for are written to the console. */
  error: TickwireError;
  /** The client is closed for good, and it was not asked to. */
  givenUp: { readonly code: number; readonly reason: string };
  /** A topic that a subscription selects became known, on this connection. */
  topic: TopicInfo;
  gap: Gap;
};

export type Listener<T> = (message: Message<T>) => unknown;

/** `Feeds` maps patterns to payload types; patterns that it does not name carry `unknown`, or what the caller says. */
export type Client<Feeds extends object = NoFeeds> = {
  readonly state: ConnectionState;
  /** Returns its undo. */
  on<Event extends keyof ClientEvents>(event: Event, listener: (value: ClientEvents[Event]) => void): () => void;
  /** Outlives connections. Throws TickwireError when the pattern is none, or the client is closed. */
  subscribe<Pattern extends keyof Feeds & string>(pattern: Pattern, listener: Listener<Feeds[Pattern]>, options?: SubscribeOptions): Subscription<Feeds[Pattern]>;
  subscribe<Pattern extends keyof Feeds & string>(pattern: Pattern, options?: SubscribeOptions): Subscription<Feeds[Pattern]>;
  subscribe<T = unknown>(pattern: string, listener: Listener<T>, options?: SubscribeOptions): Subscription<T>;
  subscribe<T = unknown>(pattern: string, options?: SubscribeOptions): Subscription<T>;
  /** Resolves once the server has taken it. Rejects with TickwireError: `forbidden` on a feed's topics. */
  publish(topic: string, data: unknown, options?: PublishOptions): Promise<Published>;
  /** Rejects when there is no connection. */
  ping(): Promise<ClockReading>;
  /** The server's time in milliseconds since 1970, as far as it is known; ours before the first connection. */
  serverNow(): number;
  /** The end; subscriptions are over, and what waits to be sent is rejected. Twice is harmless. */
  close(code?: number): void;
};
export type NoFeeds = Record<never, never>;

/**
 * Connects, and stays connected until it is closed or told not to come back. Returns at once; what is subscribed or
 * published meanwhile waits. Several urls are tried in turn. Throws RangeError for options that make no sense.
 */
export function connect<Feeds extends object = NoFeeds>(url: string | readonly string[], options: ConnectOptions = {}): Client<Feeds> {
  const [first, ...others] = typeof url === 'string' ? [url] : url;
  if (first === undefined) throw new RangeError('url must name at least one server, got []');
  return new TickwireClient([serverUrl(first), ...others.map(serverUrl)], clientOptions(options)) as Client<Feeds>; // payload types are the caller's word
}

class TickwireClient implements Client {
  readonly #options: ClientOptions;
  readonly #events = new Emitter<ClientEvents>((fault, event) => this.#listenerFailed(fault, event));
  readonly #clock: ServerClock;
  readonly #connection: Connection;
  readonly #heartbeat: Heartbeat;
  readonly #publisher: Publisher;
  readonly #pinger: Pinger;
  readonly #topics = new TopicTable(() => this.#subscriptions);
  readonly #subscriptions: Subscriptions;
  #lastId = 0;
  #helloId = 0;

  constructor(urls: readonly [string, ...string[]], options: ClientOptions) {
    const { connection, queue, WebSocket, random, time } = options;
    const nextId = () => ++this.#lastId;
    const report = (error: TickwireError) => this.#report(error);
    this.#options = options;
    this.#clock = new ServerClock(time);
  }
}
