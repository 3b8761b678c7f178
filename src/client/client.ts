/** The door: `connect`, and the face that a program talks to. */

import type { HistoryPage, HistoryQuery } from '../protocol/frames.ts';
import { patternFault } from '../protocol/topic.ts';
import type { Client, ClientEvents, Listener, NoFeeds } from './client-api.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { Conversation } from './conversation.ts';
import { Departure } from './departure.ts';
import { Emitter } from './emitter.ts';
import { TickwireError } from './errors.ts';
import { askAllHistory, askHistory } from './history.ts';
import type { Draining } from './notices.ts';
import { type ClientOptions, type ConnectOptions, clientOptions } from './options.ts';
import type { Published, PublishOptions } from './publisher.ts';
import type { ClockReading } from './server-clock.ts';
import { serverUrl } from './server-url.ts';
import { type SubscribeOptions, type Subscription, subscriptionDefaults } from './subscription.ts';
import { readWishes } from './wishes.ts';

/**
 * Connects, and stays connected until it is closed or told not to come back. Returns at once: what is subscribed or
 * published meanwhile waits. Several urls are tried in turn. Throws RangeError for options that make no sense.
 */
export function connect<Feeds extends object = NoFeeds>(
  url: string | readonly string[],
  options: ConnectOptions = {},
): Client<Feeds> {
  const [first, ...others] = typeof url === 'string' ? [url] : url;
  if (first === undefined) throw new RangeError('url must name at least one server, got []');
  const urls = [serverUrl(first), ...others.map(serverUrl)] as const;
  return new TickwireClient(urls, clientOptions(options)) as Client<Feeds>; // payload types are the caller's word
}

class TickwireClient {
  readonly #events = new Emitter<ClientEvents>((fault, event) => this.#listenerFailed(fault, event));
  readonly #connection: Connection;
  readonly #conversation: Conversation;
  readonly #departure: Departure;

  constructor(urls: readonly [string, ...string[]], options: ClientOptions) {
    const { connection, WebSocket, random, time } = options;
    const parts = { urls, options: connection, WebSocket, random, time };
    const report = (error: TickwireError) => this.#report(error);
    this.#connection = new Connection(parts, {
      opened: () => this.#conversation.opened(),
      message: (data) => this.#conversation.message(data),
      down: () => this.#down(),
      moved: () => this.#departure.moved(),
      state: (state) => this.#events.emit('state', state),
      givenUp: (ending) => this.#givenUp(ending),
    });
    this.#conversation = new Conversation(this.#connection, options, {
      error: report,
      drained: (notice) => this.#drained(notice),
      emit: (event, value) => this.#events.emit(event, value),
    });
    this.#departure = new Departure(parts, this.#connection, this.#conversation, report);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  on<Event extends keyof ClientEvents>(event: Event, listener: (value: ClientEvents[Event]) => void): () => void {
    return this.#events.on(event, listener);
  }

  subscribe(
    pattern: string,
    listenerOrOptions?: Listener<unknown> | SubscribeOptions,
    optionsIfListener?: SubscribeOptions,
  ): Subscription {
    const listener = typeof listenerOrOptions === 'function' ? listenerOrOptions : undefined;
    const given = typeof listenerOrOptions === 'object' ? listenerOrOptions : optionsIfListener;
    const { snapshot, maxBufferedEvents, verifyEveryMs } = { ...subscriptionDefaults, ...given };
    const fault = patternFault(pattern);
    if (fault !== undefined) throw new TickwireError('badPattern', `pattern ${JSON.stringify(pattern)} ${fault}`);
    mustBePositive(verifyEveryMs, 'options.verifyEveryMs');
    const wishes = readWishes(given ?? {});
    this.#mustBeAlive();
    const { subscriptions } = this.#conversation;
    return subscriptions.add({
      pattern,
      listener,
      wantsSnapshot: snapshot,
      maxBufferedEvents,
      verifyEveryMs,
      ...wishes,
    });
  }

  async history(topic: string, query: HistoryQuery = {}): Promise<HistoryPage> {
    this.#mustBeAlive();
    return askHistory(this.#conversation.requests, topic, query);
  }

  historyAll(topic: string, query: HistoryQuery = {}): AsyncIterable<HistoryPage> {
    return askAllHistory((next) => this.history(topic, next), query);
  }

  async publish(topic: string, data: unknown, options: PublishOptions = {}): Promise<Published> {
    this.#mustBeAlive();
    return this.#conversation.publisher.publish(topic, data, options);
  }

  async ping(): Promise<ClockReading> {
    const { name } = this.state;
    if (name !== 'open') throw new TickwireError('notConnected', `ping needs an open connection, it is ${name}`);
    return this.#conversation.pinger.ping();
  }

  serverNow(): number {
    return this.#conversation.clock.now();
  }

  close(code = 1000): void {
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new RangeError(`close code must be 1000 or 3000 to 4999 (RFC 6455 section 7.4.2), got ${code}`);
    }
    this.#connection.close(code, '');
    const why = new TickwireError('closed', 'the client was closed');
    this.#conversation.publisher.close(why);
    this.#conversation.requests.close(why);
    this.#conversation.subscriptions.clear((subscription) => subscription.close(why));
  }

  #down(): void {
    this.#departure.stop();
    this.#conversation.down();
  }

  #drained(notice: Draining): void {
    this.#departure.begin(notice);
    this.#events.emit('draining', notice);
  }

  #givenUp(ending: ClientEvents['givenUp']): void {
    const why = new TickwireError('givenUp', `the client gave up: ${ending.reason || 'no reason'} (${ending.code})`);
    this.#conversation.publisher.close(why);
    this.#conversation.requests.close(why);
    this.#conversation.subscriptions.clear((subscription) => subscription.fail(why));
    this.#events.emit('givenUp', ending);
  }

  #mustBeAlive(): void {
    const { state } = this;
    if (state.name !== 'closed') return;
    throw new TickwireError('closed', `the client is closed: ${state.reason || 'by its own program'} (${state.code})`);
  }

  #report(error: TickwireError): void {
    if (this.#events.has('error')) this.#events.emit('error', error);
    else console.error(error);
  }

  #listenerFailed(cause: unknown, event: keyof ClientEvents): void {
    const error = new TickwireError('listenerFailed', `a listener of "${event}" failed: ${String(cause)}`, { cause });
    if (event === 'error') console.error(error);
    else this.#report(error);
  }
}

function mustBePositive(value: number | undefined, name: string): void {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return;
  throw new TickwireError('badRequest', `${name} must be a positive number, got ${JSON.stringify(value)}`);
}
