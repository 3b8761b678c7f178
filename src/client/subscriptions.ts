/** All subscriptions of a client, kept alive over connections: asked for, answered, asked for again. */

import type { ClientFrame, FrameOf, Micros, ServerFrame } from '../protocol/frames.ts';
import type { ClientEvents } from './client-api.ts';
import type { Desk } from './desk.ts';
import { TickwireError } from './errors.ts';
import { LiveSubscription, type SubscriptionParts } from './live-subscription.ts';
import type { Question, Requests } from './requests.ts';
import { requestFrames } from './subscribe-frames.ts';
import type { Time } from './time.ts';
import type { TopicTable } from './topic-table.ts';

export type SubscriptionsParts = {
  readonly topics: TopicTable;
  readonly requests: Requests;
  readonly time: Time;
  readonly nextId: () => number;
  readonly send: (frame: ClientFrame) => void;
  readonly serverNow: () => Micros;
  readonly emit: <Event extends keyof ClientEvents>(event: Event, value: ClientEvents[Event]) => void;
  readonly report: (error: TickwireError) => void;
};

const sidsPerFrame = 1000; // well under the 4096 values that a server takes in a frame

export class Subscriptions implements Desk {
  isDegraded = false;
  readonly #parts: SubscriptionsParts;
  readonly #all = new Map<number, LiveSubscription>();
  readonly #touched = new Set<LiveSubscription>();
  #unsent = new Set<LiveSubscription>();
  #leaving: number[] = [];
  #inTurn: Question[] = [];
  #lastSid = 0;
  #isOpen = false;
  #isScheduled = false;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  get time(): Time {
    return this.#parts.time;
  }

  add(wanted: Omit<SubscriptionParts, 'id'>): LiveSubscription {
    const subscription = new LiveSubscription({ id: ++this.#lastSid, ...wanted }, this);
    this.#all.set(subscription.id, subscription);
    this.#unsent.add(subscription);
    this.#schedule();
    return subscription;
  }

  leave(subscription: LiveSubscription): void {
    this.#drop(subscription, 'was unsubscribed');
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
    this.isDegraded = false;
    this.#leaving = [];
    this.#parts.topics.clear();
    for (const subscription of this.#all.values()) subscription.down();
    this.#touched.clear();
  }

  /** The end of all, as `finish` tells it to each. */
  clear(finish: (subscription: LiveSubscription) => void): void {
    const all = [...this.#all.values()];
    this.#all.clear();
    this.#unsent.clear();
    for (const subscription of all) finish(subscription);
  }

  subscribed(frame: FrameOf<ServerFrame, 'subscribed'>): void {
    this.#all.get(frame.sid)?.subscribed(frame);
  }

  /** The session's step of the ladder. */
  step(change: ClientEvents['step']): void {
    this.isDegraded = change.step !== 'full';
    for (const subscription of this.#all.values()) {
      if (!this.isDegraded) subscription.allCame();
      this.touched(subscription);
    }
    this.#parts.emit('step', change);
  }

  /** A message has been read to its end. */
  tellQuality(): void {
    if (this.#touched.size === 0) return;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const subscription of touched) subscription.tellQuality();
  }

  /** False when the refusal is not of a subscription that is still wanted. The others go on. */
  refused({ code, retryable, message, sid }: FrameOf<ServerFrame, 'error'>): boolean {
    const subscription = sid === undefined ? undefined : this.#all.get(sid);
    if (subscription === undefined) return false;
    const { pattern } = subscription;
    const why = new TickwireError({ code, retryable }, `${pattern}: ${message}`, { pattern });
    this.#drop(subscription, 'was refused');
    subscription.fail(why);
    this.#parts.report(why);
    return true;
  }

  serverNow(): Micros {
    return this.#parts.serverNow();
  }

  ask(question: Question): void {
    this.#parts.requests.ask(question);
  }

  askInTurn(question: Question): void {
    this.#inTurn.push(question);
    this.#schedule();
  }

  follow(subscription: LiveSubscription, stream: number): void {
    this.#parts.topics.join(subscription, stream);
  }

  reached(stream: number, topic: string): number | undefined {
    return this.#parts.topics.reached(stream, topic);
  }

  touched(subscription: LiveSubscription): void {
    this.#touched.add(subscription);
  }

  emit<Event extends keyof ClientEvents>(event: Event, value: ClientEvents[Event]): void {
    this.#parts.emit(event, value);
  }

  report(error: TickwireError): void {
    this.#parts.report(error);
  }

  #drop(subscription: LiveSubscription, fate: string): void {
    const { id, pattern } = subscription;
    this.#all.delete(id);
    this.#touched.delete(subscription);
    this.#parts.topics.leave(subscription);
    const why = new TickwireError('closed', `${pattern} ${fate}`, { pattern });
    this.#inTurn = this.#inTurn.filter((question) => {
      if (question.owner === subscription) question.failed(why);
      return question.owner !== subscription;
    });
    this.#parts.requests.drop(subscription, why);
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
    const unsent = [...this.#unsent];
    this.#unsent.clear();
    for (const sids of chunks(this.#leaving.splice(0))) send({ op: 'unsubscribe', id: nextId(), sids });
    for (const subscriptions of requestFrames(unsent.map((subscription) => subscription.request()))) {
      send({ op: 'subscribe', id: nextId(), subscriptions });
    }
    for (const { id: sid, wantsPause } of unsent) {
      if (wantsPause) send({ op: 'change', id: nextId(), sid, change: { paused: true } });
    }
    for (const question of this.#inTurn.splice(0)) this.ask(question);
  }
}

function* chunks<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += sidsPerFrame) yield items.slice(at, at + sidsPerFrame);
}
