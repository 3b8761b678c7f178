/** All subscriptions of a client, kept alive over connections: asked for, answered, asked for again. */

import type { ClientFrame, FrameOf, Micros, ServerFrame, SubscriptionRequest } from '../protocol/frames.ts';
import { TickwireError } from './errors.ts';
import type { LiveSubscription } from './subscription.ts';
import type { TopicTable } from './topic-table.ts';

export type SubscriptionsParts = {
  readonly topics: TopicTable;
  readonly nextId: () => number;
  readonly send: (frame: ClientFrame) => void;
  readonly serverNow: () => Micros;
  readonly report: (error: TickwireError) => void;
};

const patternsPerFrame = 256; // of the longest patterns stay under the 64 KiB that a server takes by default

export class Subscriptions implements Iterable<LiveSubscription> {
  readonly #parts: SubscriptionsParts;
  readonly #all = new Map<number, LiveSubscription>();
  #unsent = new Set<LiveSubscription>();
  #leaving: number[] = [];
  #isOpen = false;
  #isScheduled = false;
  /** The one that snapshots belong to: the server sends them right behind its answer. */
  #joining: LiveSubscription | undefined;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  [Symbol.iterator](): Iterator<LiveSubscription> {
    return this.#all.values();
  }

  add(subscription: LiveSubscription): void {
    this.#all.set(subscription.id, subscription);
    this.#unsent.add(subscription);
    this.#parts.topics.attach(subscription);
    this.#schedule();
  }

  remove(subscription: LiveSubscription): void {
    this.#drop(subscription);
    if (this.#unsent.delete(subscription) || !this.#isOpen) return;
    this.#leaving.push(subscription.id);
    this.#schedule();
  }

  /** A connection is there: asks for everything. */
  opened(): void {
    this.#isOpen = true;
    this.#unsent = new Set(this.#all.values());
    this.#flush();
  }

  down(): void {
    this.#isOpen = false;
    this.#joining = undefined;
    this.#leaving = [];
    this.#parts.topics.clear();
    for (const subscription of this) subscription.down();
  }

  /** The end of all, as `finish` tells it to each. */
  clear(finish: (subscription: LiveSubscription) => void): void {
    const all = [...this];
    this.#all.clear();
    this.#unsent.clear();
    for (const subscription of all) finish(subscription);
  }

  subscribed({ sid, topics }: FrameOf<ServerFrame, 'subscribed'>): void {
    this.#joining = this.#all.get(sid);
    if (this.#joining?.joins(topics) === true) this.#caughtUp(this.#joining);
  }

  snapshot(frame: FrameOf<ServerFrame, 'snapshot'>): void {
    const joining = this.#joining;
    if (joining === undefined) return; // it was unsubscribed while its answer was on the way
    this.#parts.topics.snapshot(frame, joining);
    if (frame.last && joining.caughtUp()) this.#caughtUp(joining);
  }

  /** False when the refusal is not of a subscription that is still wanted. The others go on. */
  refused({ code, retryable, message, sid }: FrameOf<ServerFrame, 'error'>): boolean {
    const subscription = sid === undefined ? undefined : this.#all.get(sid);
    if (subscription === undefined) return false;
    const { pattern } = subscription;
    const why = new TickwireError({ code, retryable }, `${pattern}: ${message}`, { pattern });
    this.#drop(subscription);
    subscription.fail(why);
    this.#parts.report(why);
    return true;
  }

  #caughtUp(subscription: LiveSubscription): void {
    const { topics, serverNow } = this.#parts;
    subscription.forgetVanished((topic) => topics.has(topic), serverNow());
  }

  #drop(subscription: LiveSubscription): void {
    this.#all.delete(subscription.id);
    this.#parts.topics.detach(subscription);
    if (this.#joining === subscription) this.#joining = undefined;
  }

  /** What is asked for in one turn goes in one frame. */
  #schedule(): void {
    if (!this.#isOpen || this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.#isOpen) this.#flush();
    });
  }

  #flush(): void {
    const { send, nextId } = this.#parts;
    const requests = [...this.#unsent].map(requestOf);
    const leaving = this.#leaving;
    this.#unsent.clear();
    this.#leaving = [];
    for (const sids of chunks(leaving)) send({ op: 'unsubscribe', id: nextId(), sids });
    for (const subscriptions of chunks(requests)) send({ op: 'subscribe', id: nextId(), subscriptions });
  }
}

function requestOf({ id: sid, pattern, wantsSnapshot }: LiveSubscription): SubscriptionRequest {
  return wantsSnapshot ? { sid, pattern } : { sid, pattern, snapshot: false };
}

function* chunks<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += patternsPerFrame) yield items.slice(at, at + patternsPerFrame);
}
