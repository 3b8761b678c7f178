/** What waits to be sent while there is no connection; bounded by count, bytes and age. */

import type { CancelTimer, Time } from './time.ts';

export type OutboxLimits = { maxCount: number; maxBytes: number; maxAgeMs: number };

export type Outgoing = { readonly bytes: Uint8Array };

/** `full`: it is not held, and nothing that was taken before is pushed out for it. */
export type OfferOutcome = 'taken' | 'full';

export class Outbox<Item extends Outgoing> {
  readonly #limits: OutboxLimits;
  readonly #time: Time;
  readonly #onExpired: (item: Item) => void;
  #held: { readonly item: Item; readonly dueAt: number }[] = [];
  #heldBytes = 0;
  #cancelTimer: CancelTimer = () => {};

  /** `onExpired` is told what waited longer than `maxAgeMs`; it is then no longer held. */
  constructor(limits: OutboxLimits, time: Time, onExpired: (item: Item) => void) {
    this.#limits = limits;
    this.#time = time;
    this.#onExpired = onExpired;
  }

  offer(item: Item): OfferOutcome {
    const { maxCount, maxBytes, maxAgeMs } = this.#limits;
    if (this.#held.length >= maxCount || this.#heldBytes + item.bytes.length > maxBytes) return 'full';
    this.#held.push({ item, dueAt: this.#time.elapsed() + maxAgeMs });
    this.#heldBytes += item.bytes.length;
    if (this.#held.length === 1) this.#watch();
    return 'taken';
  }

  /** Hands over all that is held, oldest first. */
  drain(): Item[] {
    this.#cancelTimer();
    const items = this.#held.map(({ item }) => item);
    this.#held = [];
    this.#heldBytes = 0;
    return items;
  }

  /** The oldest is due first, so one timer serves all. */
  #watch(): void {
    const [oldest] = this.#held;
    if (oldest === undefined) return;
    this.#cancelTimer = this.#time.after(oldest.dueAt - this.#time.elapsed(), () => {
      this.#expire();
      this.#watch();
    });
  }

  #expire(): void {
    const now = this.#time.elapsed();
    const firstYoung = this.#held.findIndex(({ dueAt }) => dueAt > now);
    const due = this.#held.splice(0, firstYoung < 0 ? this.#held.length : firstYoung);
    for (const { item } of due) {
      this.#heldBytes -= item.bytes.length;
      this.#onExpired(item);
    }
  }
}
