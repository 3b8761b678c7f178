/** What `subscribe` hands out, and what it may be told. */

import type { Change, Micros, ViewRequest } from '../protocol/frames.ts';
import type { Ledger } from './ledger.ts';
import type { Message } from './message.ts';
import type { Quality } from './quality.ts';

/**
 * `maxRate`: updates per second and topic at most (0.01 to 1000; events are never held back). `fields`: only these of
 * each value. `filter`: only publications for which this expression over fields holds. `delta`: let the server send
 * only what changed; messages are whole all the same.
 */
export type SubscribeOptions = Readonly<ViewRequest> & {
  /** Begin with the last value of every `latest` topic and all rows of every `keyed` one. */
  readonly snapshot?: boolean;
  /** Begin so many publications back (1 to 1000 of each topic), or at a time, where the server keeps a history. */
  readonly since?: { readonly last: number } | { readonly ts: Micros };
  /** Compare one topic after the other with the server, one each so many milliseconds; off by default. */
  readonly verifyEveryMs?: number;
  /** Async iteration only: how many events may wait to be taken; the oldest give way, counted in `message.skipped`. */
  readonly maxBufferedEvents?: number;
};

/** What is to be otherwise; null takes a wish back. Paused, nothing comes until it goes on with what is newest then. */
export type SubscriptionChange = Readonly<Change>;

/** `repaired`: what was held was other than the server's state, and has been replaced by it. */
export type Verification = { readonly ok: boolean; readonly rows: number; readonly repaired: boolean };

/** `maxRate`: updates per second and topic as the server grants them; 0: as they come. */
export type Granted = { readonly maxRate: number };

/**
 * `for await` reads it: of `latest` and `keyed` topics the newest value waits for a slow reader, of others the newest
 * `maxBufferedEvents`; whatever gave way is counted in `skipped`. Two readers share what comes. Leaving the loop
 * unsubscribes; a subscription that the server refused, or a client that gave up, makes it throw.
 */
export type Subscription<T = unknown> = AsyncIterable<Message<T>> & {
  readonly id: number;
  readonly pattern: string;
  /** Settles once: with the number of topics selected now, after their snapshots, or with the server's refusal. */
  readonly ready: Promise<{ readonly topics: number } & Granted>;
  /** Whether what is shown is the present. It is `recovering` from the moment at which the connection is gone. */
  readonly state: Quality;
  /** How often what was held of a topic had to be replaced by the server's state. */
  readonly repairs: number;
  /** The same of one topic; undefined when it is not known. */
  stateOf(topic: string): Quality | undefined;
  /** The value of a `latest` topic as it is held now; undefined when none came. */
  get(topic: string): T | undefined;
  /** The rows of a `keyed` topic as they are held now. */
  rows(topic: string): ReadonlyMap<string, T>;
  /** What became of each publication, of one topic or of all. */
  ledger(topic?: string): Ledger;
  /** Outlives connections. Rejects with the server's reason, and all is as it was; throws when a value makes no sense. */
  change(change: SubscriptionChange): Promise<Granted>;
  pause(): Promise<Granted>;
  resume(): Promise<Granted>;
  /** Compares a `latest` or `keyed` topic with the server's by checksum, and replaces it when it is other. */
  verify(topic: string): Promise<Verification>;
  /** No message comes after it returns. Twice is harmless. */
  unsubscribe(): void;
};

export const subscriptionDefaults = {
  snapshot: true, // an empty chart until the next value is what nobody wants
  maxBufferedEvents: 1000, // seconds of a busy topic; more would only make a slow reader later
};
