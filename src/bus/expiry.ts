/** Takes rows off when their time is over: one queue and one timer for all keyed topics of an origin. */

import type { Micros } from '../protocol/index.ts';
import { Heap } from './heap.ts';

/** The little of time that an origin needs. */
export type OriginTime = {
  /** What the removal of a row is stamped with. */
  now(): Micros;
  /** Milliseconds by which rows age: a wall clock that is set takes no row off, and keeps none. */
  monotonicMs(): number;
  /** Runs `run` once; returns how to call it off. */
  after(delayMs: number, run: () => void): () => void;
};

export const ttlLimits = {
  maxMs: 86_400_000, // a day: what is to stay for longer has no need to go by itself
} as const;

const maxExpiriesAtOnce = 1000; // about a millisecond of work: a large table may go as a whole, and others have their turn

/** A row whose end is put off costs a look-up; it moves in the queue only when its end before that is reached. */
export class Expiry {
  readonly #time: OriginTime;
  readonly #queue = new Heap<Deadline>((a, b) => a.queuedMs < b.queuedMs);
  #timer: Timer = { name: 'idle' };

  constructor(time: OriginTime) {
    this.#time = time;
  }

  /** How many rows have a time to live. */
  get size(): number {
    return this.#queue.size;
  }

  /** In so many milliseconds, whatever was said of it before. */
  set(deadline: Deadline, ttlMs: number): void {
    const dueMs = this.#time.monotonicMs() + ttlMs;
    const isQueued = deadline.place >= 0;
    deadline.dueMs = dueMs;
    if (isQueued && dueMs >= deadline.queuedMs) return;
    deadline.queuedMs = dueMs;
    if (isQueued) this.#queue.moved(deadline);
    else this.#queue.add(deadline);
    this.#arm();
  }

  clear(deadline: Deadline): void {
    if (deadline.place >= 0) this.#queue.remove(deadline);
  }

  /** Nothing expires any more. */
  stop(): void {
    if (this.#timer.name === 'waiting') this.#timer.cancel();
    this.#timer = { name: 'stopped' };
  }

  #arm(): void {
    const next = this.#queue.top;
    if (next === undefined || this.#timer.name === 'stopped') return;
    if (this.#timer.name === 'waiting') {
      if (this.#timer.untilMs <= next.queuedMs) return;
      this.#timer.cancel();
    }
    const waitMs = Math.max(0, Math.ceil(next.queuedMs - this.#time.monotonicMs()));
    this.#timer = { name: 'waiting', untilMs: next.queuedMs, cancel: this.#time.after(waitMs, () => this.#look()) };
  }

  #look(): void {
    this.#timer = { name: 'idle' };
    try {
      this.#expireDue(this.#time.monotonicMs());
    } finally {
      this.#arm();
    }
  }

  #expireDue(nowMs: number): void {
    for (let left = maxExpiriesAtOnce; left > 0; left--) {
      const next = this.#queue.top;
      if (next === undefined || next.queuedMs > nowMs) return;
      if (next.dueMs <= nowMs) {
        this.#queue.remove(next);
        next.rows.over(next.key);
      } else {
        next.queuedMs = next.dueMs;
        this.#queue.moved(next);
      }
    }
  }
}

type Timer = { name: 'idle' } | { name: 'waiting'; untilMs: number; cancel: () => void } | { name: 'stopped' };

/** One row's end. It stands in the queue at `queuedMs`, which is `dueMs` or earlier. */
export type Deadline = {
  readonly rows: RowTimes;
  readonly key: string;
  dueMs: number;
  queuedMs: number;
  place: number;
};

/** The rows of one topic that have a time to live. `expire` is called for each once its time is over. */
export class RowTimes {
  readonly #expiry: Expiry;
  readonly #expire: (key: string) => void;
  readonly #deadlines = new Map<string, Deadline>();

  constructor(expiry: Expiry, expire: (key: string) => void) {
    this.#expiry = expiry;
    this.#expire = expire;
  }

  /** From now on; without `ttlMs` the row stays, or is gone already. */
  set(key: string, ttlMs: number | undefined): void {
    const known = this.#deadlines.get(key);
    if (ttlMs === undefined) {
      if (known === undefined) return;
      this.#deadlines.delete(key);
      this.#expiry.clear(known);
      return;
    }
    const deadline = known ?? { rows: this, key, dueMs: 0, queuedMs: 0, place: -1 };
    if (known === undefined) this.#deadlines.set(key, deadline);
    this.#expiry.set(deadline, ttlMs);
  }

  /** Its time is over. */
  over(key: string): void {
    this.#deadlines.delete(key);
    this.#expire(key);
  }
}

/** The machine's own. Rows that wait for their end keep no process alive. */
export const machineTime: OriginTime = {
  now: () => Date.now() * 1000,
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
