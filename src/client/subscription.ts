/** What `subscribe` hands out: one pattern, one listener or reader, for as long as it is wanted. */

import { matches } from '../protocol/topic.ts';
import { TickwireError } from './errors.ts';
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

/** Errors of a listener go to `report`, never to who delivers. */
export type SubscriptionParts<T> = {
  readonly id: number;
  readonly pattern: string;
  readonly listener: ((message: Message<T>) => unknown) | undefined;
  readonly wantsSnapshot: boolean;
  readonly maxBufferedEvents: number;
  readonly report: (error: TickwireError) => void;
  readonly onGap: (gap: Gap) => void;
  readonly onUnsubscribed: (subscription: LiveSubscription<T>) => void;
};

type Phase = { name: 'pending' } | { name: 'joining'; topics: number; left: number } | { name: 'joined' } | { name: 'over' };

export class LiveSubscription<T> implements Subscription<T> {
  readonly ready: Promise<{ readonly topics: number }>;
  readonly #parts: SubscriptionParts<T>;
  readonly #routes = new Map<string, Route>();
  #inbox: Inbox<T> | undefined;
  #phase: Phase = { name: 'pending' };
  #settleReady: Settle | undefined;

  constructor(parts: SubscriptionParts<T>) {
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

  /** Whether snapshots that come now answer this subscription. */
  get isJoining(): boolean {
    return this.#phase.name === 'joining';
  }

  unsubscribe(): void {
    if (this.#phase.name === 'over') return;
    this.#parts.onUnsubscribed(this);
    this.end(new TickwireError('closed', `${this.pattern} was unsubscribed`, { pattern: this.pattern }));
    this.#inbox?.discard();
  }

  [Symbol.asyncIterator](): AsyncIterator<Message<T>, undefined> {
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
}
