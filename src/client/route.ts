/** One topic within one subscription: how far its subscriber has seen, whatever connections come and go. */

import type { FrameOf, Micros, ServerFrame } from '../protocol/frames.ts';
import { type Message, removeMessage, type TopicInfo, valueMessage } from './message.ts';

/** Where a route's findings go. */
export type RouteOwner = {
  /** Whether the server has answered on this connection: what it sends before is meant for others. */
  readonly isJoined: boolean;
  readonly wantsSnapshot: boolean;
  deliver(message: Message): void;
  /** `fromSeq` to `toSeq` of an event topic will not be delivered. */
  missed(topic: TopicInfo, fromSeq: number, toSeq: number, isNewEpoch: boolean): void;
};

/**
 * `new`: nothing seen yet. `resuming`: seen before, in this epoch. `reborn`: seen before, in another epoch.
 * `settled`: on this connection, and up to date.
 */
type Phase = 'new' | 'resuming' | 'reborn' | 'settled';

export class Route {
  readonly owner: RouteOwner;
  #topic: TopicInfo;
  #phase: Phase = 'new';
  /** Newest seen of this epoch, -1 when there is none. */
  #seq = -1;
  /** Rows that the subscriber holds of a keyed topic; undefined where nobody needs to know. */
  #keys: Set<string> | undefined;
  /** Rows of the snapshot that is coming in. */
  #gathered = new Set<string>();

  constructor(owner: RouteOwner, topic: TopicInfo) {
    this.owner = owner;
    this.#topic = topic;
    this.#trackRows();
  }

  /** The topic is announced again: on a new connection, or in a new life. */
  resume(topic: TopicInfo): void {
    const isReborn = topic.epoch !== this.#topic.epoch;
    this.#topic = topic;
    this.#gathered = new Set();
    this.#trackRows();
    if (this.#phase === 'new') return;
    if (isReborn) this.#seq = -1;
    this.#phase = isReborn || this.#phase === 'reborn' ? 'reborn' : 'resuming';
  }

  /** True when this publication is news here; it then counts as seen, and the caller delivers it. */
  takes(seq: number, ts: Micros, key: string | undefined, isRemoval: boolean): boolean {
    if (!this.owner.isJoined || seq <= this.#seq) return false;
    if (this.#phase !== 'settled') this.#settleAtBirth(ts);
    if (seq > this.#seq + 1) this.#reportMissed(seq - 1, false);
    this.#seq = seq;
    if (key === undefined) return true;
    if (isRemoval) this.#keys?.delete(key);
    else this.#keys?.add(key);
    return true;
  }

  /** One part of the state to begin from. What the subscriber has seen already is not delivered again. */
  snapshot({ seq, ts, last, rows }: FrameOf<ServerFrame, 'snapshot'>): void {
    const isNews = seq > this.#seq;
    for (const [values, key] of rows) {
      if (key !== undefined) this.#gathered.add(key);
      if (isNews && this.owner.wantsSnapshot) {
        if (key !== undefined) this.#keys?.add(key); // the rest may never come
        this.owner.deliver(valueMessage(this.#topic, seq, ts, key, values, true));
      }
    }
    if (!last) return;
    if (isNews) this.#settle(seq, ts);
    this.#phase = 'settled';
    this.#gathered = new Set();
  }

  /** A connection that should know the topic does not: a table's rows are gone with it. */
  vanish(ts: Micros): void {
    if (this.#keys === undefined || this.#keys.size === 0) return;
    this.#gathered = new Set();
    this.#removeOthers(this.#seq, ts);
    this.#phase = 'reborn';
    this.#seq = -1;
  }

  #settle(seq: number, ts: Micros): void {
    this.#removeOthers(seq, ts);
    if (this.#phase !== 'new') this.#reportMissed(seq, this.#phase === 'reborn');
    this.#seq = seq;
  }

  /** A value without a snapshot before it: the topic was born after we joined, so its life begins with seq 1. */
  #settleAtBirth(ts: Micros): void {
    if (this.#phase !== 'resuming') this.#settle(0, ts);
    this.#phase = 'settled';
  }

  /** Takes off every row that is not in the snapshot. */
  #removeOthers(seq: number, ts: Micros): void {
    if (this.#keys === undefined) return;
    const before = this.#keys;
    this.#keys = this.#gathered;
    for (const key of before) {
      if (!this.#gathered.has(key)) this.owner.deliver(removeMessage(this.#topic, seq, ts, key, true));
    }
  }

  #reportMissed(toSeq: number, isNewEpoch: boolean): void {
    if (this.#topic.kind !== 'event') return;
    this.owner.missed(this.#topic, isNewEpoch ? 1 : this.#seq + 1, toSeq, isNewEpoch);
  }

  #trackRows(): void {
    if (this.#topic.kind === 'keyed' && this.owner.wantsSnapshot) this.#keys ??= new Set();
  }
}
