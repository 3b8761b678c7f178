import type { Micros } from '../../src/feed/index.ts';

/** The mean price of the trades of the last five minutes, brought up to date every 30 s. In ticks. */
export class ReferencePrice {
  price: number;
  readonly #slotLasts: Micros;
  /** Of each of the last slots, the newest last. */
  #slots: Slot[] = [];
  #current: Slot = { sum: 0, n: 0 };
  #slotEnd: Micros;

  /** `second`: how long a second of the session lasts. */
  constructor(price: number, now: Micros, second: Micros) {
    this.price = price;
    this.#slotLasts = slotSec * second;
    this.#slotEnd = now + this.#slotLasts;
  }

  /** Forgets all trades. */
  begin(price: number, now: Micros): void {
    this.price = price;
    this.#slots = [];
    this.#current = { sum: 0, n: 0 };
    this.#slotEnd = now + this.#slotLasts;
  }

  add(px: number): void {
    this.#current.sum += px;
    this.#current.n++;
  }

  /** True when the price was looked at anew. Without a trade in the whole time it stays. */
  advance(now: Micros): boolean {
    if (now < this.#slotEnd) return false;
    this.#slots.push(this.#current);
    if (this.#slots.length > slots) this.#slots.shift();
    this.#current = { sum: 0, n: 0 };
    this.#slotEnd = now + this.#slotLasts;
    const n = this.#slots.reduce((total, slot) => total + slot.n, 0);
    if (n > 0) this.price = this.#slots.reduce((total, slot) => total + slot.sum, 0) / n;
    return true;
  }
}

type Slot = { sum: number; n: number };

const slotSec = 30;
const slots = 10;
