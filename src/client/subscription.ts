/** What `subscribe` hands out: one pattern, one listener or reader, for as long as it is wanted. */

import type { Micros } from '../protocol/frames.ts';
import { matches } from '../protocol/topic.ts';
import { TickwireError, textOf } from './errors.ts';
import { Inbox } from './inbox.ts';
import type { Gap, Message, TopicInfo } from './message.ts';
import { Route } from './route.ts';

export type SubscribeOptions = {
  /** Begin with the last value of every `latest` topic and all rows of every `keyed` one. */
  readonly snapshot?: boolean;
  /** Async iteration only: how many events may wait to be taken; the oldest give way, counted in `message.skipped`. */
  readonly maxBufferedEvents?: number;
};

/**
 * `for await` reads it: of `latest` and `keyed` topics the newest value waits for a slow reader, of others the newest
 * `maxBufferedEvents`; whatever gave way is counted in `skipped`. Two readers share what comes. Leaving the loop
 * unsubscribes; a subscription that the server refused, or a client that gave up, makes it throw.
 */
export type Subscription<T = unknown> = AsyncIterable<Message<T>> & {
  readonly id: number;
  readonly pattern: string;
  /** Settles once: with the number of topics selected now, after their snapshots, or with the server's refusal. */
  readonly ready: Promise<{ readonly topics: number }>;
  /** No message comes after it returns. Twice is harmless. */
  unsubscribe(): void;
};

export const subscriptionDefaults = {
  snapshot: true, // an empty chart until the next value is what nobody wants
  maxBufferedEvents: 1000, // seconds of a busy topic; more would only make a slow reader later
};

export type SubscriptionParts = {
  readonly id: number;
  readonly pattern: string;
  readonly listener: ((message: Message) => unknown) | undefined;
  readonly wantsSnapshot: boolean;
  readonly maxBufferedEvents: number;
  /** Errors of the listener go here, never to who delivers. */
  readonly report: (error: TickwireError) => void;
  readonly onGap: (gap: Gap) => void;
  readonly onUnsubscribed: (subscription: LiveSubscription) => void;
};

/** `joining`: the server has answered, and snapshots of `left` topics are still to come. */
type Phase =
  | { readonly name: 'pending' }
  | { readonly name: 'joining'; readonly topics: number; left: number }
  | { readonly name: 'joined' }
  | { readonly name: 'over' };

export class LiveSubscription implements Subscription {
  readonly ready: Promise<{ readonly topics: number }>;
  readonly #parts: SubscriptionParts;
  readonly #routes = new Map<string, Route>();
  #inbox: Inbox | undefined;
  #phase: Phase = { name: 'pending' };
  #settleReady: Settle | undefined;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    if (parts.listener === undefined) this.#inbox = new Inbox(parts.maxBufferedEvents);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => {}); // who does not look at it hears of a refusal through the `error` event
  }

  get id(): number {
    return this.#parts.id;
  }

  get pattern(): string {
    return this.#parts.pattern;
  }

  get wantsSnapshot(): boolean {
    return this.#parts.wantsSnapshot;
  }

  get isJoined(): boolean {
    return this.#phase.name === 'joined' || this.#phase.name === 'joining';
  }

  unsubscribe(): void {
    if (this.#phase.name === 'over') return;
    this.#parts.onUnsubscribed(this);
    this.#finish(new TickwireError('closed', `${this.pattern} was unsubscribed`, { pattern: this.pattern }));
    this.#inbox?.discard();
  }

  [Symbol.asyncIterator](): AsyncIterator<Message, undefined> {
    this.#inbox ??= new Inbox(this.#parts.maxBufferedEvents);
    const inbox = this.#inbox;
    return {
      next: () => inbox.next(),
      return: async () => {
        this.unsubscribe();
        return { done: true, value: undefined };
      },
    };
  }

  /** The server took it: snapshots of this many topics come next. True when none are to come. */
  joins(topics: number): boolean {
    if (this.#phase.name !== 'pending') return false;
    this.#phase = { name: 'joining', topics, left: topics };
    return this.#joinedIfComplete(this.#phase);
  }

  /** One topic's snapshot is complete. True when it was the last. */
  caughtUp(): boolean {
    if (this.#phase.name !== 'joining') return false;
    this.#phase.left--;
    return this.#joinedIfComplete(this.#phase);
  }

  /** The connection is gone; what was seen is remembered. */
  down(): void {
    if (this.#phase.name !== 'over') this.#phase = { name: 'pending' };
  }

  /** The end, not wanted by the subscriber. */
  fail(why: TickwireError): void {
    this.#finish(why);
    this.#inbox?.end(why);
  }

  /** The end, wanted by the subscriber; what waits in the inbox may still be read. */
  close(why: TickwireError): void {
    this.#finish(why);
    this.#inbox?.end();
  }

  routeTo(topic: TopicInfo): Route | undefined {
    if (!matches(this.pattern, topic.name)) return undefined;
    const known = this.#routes.get(topic.name);
    if (known !== undefined) {
      known.resume(topic);
      return known;
    }
    const route = new Route(this, topic);
    this.#routes.set(topic.name, route);
    return route;
  }

  /** Takes off the rows of tables that the new connection does not have. */
  forgetVanished(isKnown: (topic: string) => boolean, ts: Micros): void {
    for (const [topic, route] of this.#routes) if (!isKnown(topic)) route.vanish(ts);
  }

  deliver(message: Message): void {
    if (this.#phase.name === 'over') return;
    this.#inbox?.push(message);
    const { listener } = this.#parts;
    if (listener === undefined) return;
    try {
      const result = listener(message);
      if (result instanceof Promise) result.catch((cause: unknown) => this.#blame(message, cause));
    } catch (cause) {
      this.#blame(message, cause);
    }
  }

  missed({ name: topic, epoch }: TopicInfo, fromSeq: number, toSeq: number, isNewEpoch: boolean): void {
    this.#parts.onGap({ topic, pattern: this.pattern, epoch, fromSeq, toSeq, isNewEpoch });
  }

  #joinedIfComplete({ topics, left }: { topics: number; left: number }): boolean {
    if (left > 0) return false;
    this.#phase = { name: 'joined' };
    this.#settleReady?.resolve({ topics });
    return true;
  }

  #finish(why: TickwireError): void {
    this.#phase = { name: 'over' };
    this.#routes.clear();
    this.#settleReady?.reject(why); // without effect where it is settled
  }

  #blame({ topic }: Message, cause: unknown): void {
    const message = `the listener of ${this.pattern} failed on ${topic}: ${textOf(cause)}`;
    this.#parts.report(new TickwireError('listenerFailed', message, { cause, pattern: this.pattern }));
  }
}

type Settle = {
  resolve(value: { readonly topics: number }): void;
  reject(why: TickwireError): void;
};
