/** Speaks when we have been silent for long, and notices when the peer has. Any traffic counts, both ways. */

import type { CancelTimer, Time } from './time.ts';

export type HeartbeatEvents = { speak(): void; dead(silenceMs: number): void };

/** What the server asked for in WELCOME. */
export type HeartbeatTerms = { readonly heartbeatMs: number; readonly timeoutMs: number };

const lateMs = 1000; // a timer this late means that we were held up, so the peer's words may wait unread
const graceMs = 500;

export class Heartbeat {
  readonly #time: Time;
  readonly #events: HeartbeatEvents;
  #terms: HeartbeatTerms | undefined;
  #sentAt = 0;
  #heardAt = 0;
  #cancelTimer: CancelTimer = () => {};

  constructor(time: Time, events: HeartbeatEvents) {
    this.#time = time;
    this.#events = events;
  }

  start(terms: HeartbeatTerms): void {
    this.stop();
    this.#terms = terms;
    this.#sentAt = this.#heardAt = this.#time.elapsed();
    this.#schedule(this.#heardAt, terms);
  }

  stop(): void {
    this.#cancelTimer();
    this.#terms = undefined;
  }

  sent(): void {
    this.#sentAt = this.#time.elapsed();
  }

  /** Returns when, by `elapsed`. */
  heard(): number {
    this.#heardAt = this.#time.elapsed();
    return this.#heardAt;
  }

  #schedule(now: number, { heartbeatMs, timeoutMs }: HeartbeatTerms): void {
    const dueAt = Math.min(this.#sentAt + heartbeatMs, this.#heardAt + timeoutMs);
    this.#wakeAt(Math.max(dueAt, now));
  }

  #wakeAt(dueAt: number): void {
    this.#cancelTimer = this.#time.after(dueAt - this.#time.elapsed(), () => this.#look(dueAt));
  }

  #look(dueAt: number): void {
    const terms = this.#terms;
    if (terms === undefined) return;
    const now = this.#time.elapsed();
    const silenceMs = now - this.#heardAt;
    if (silenceMs >= terms.timeoutMs) {
      if (now - dueAt > lateMs) this.#wakeAt(now + graceMs);
      else this.#events.dead(silenceMs);
      return;
    }
    if (now - this.#sentAt >= terms.heartbeatMs) {
      this.#events.speak();
      this.#sentAt = now;
    }
    this.#schedule(now, terms);
  }
}
