import type { z } from 'zod';
import type { Micros } from '../../src/feed/index.ts';
import { dollars, type statusMessage } from './messages.ts';
import { ReferencePrice } from './reference-price.ts';
import type { TopOfBook } from './top-of-book.ts';

export type TradingState = 'open' | 'limit' | 'halted' | 'reopening';
export type HaltReason = 'LULD' | 'NEWS';

/**
 * Whether a symbol trades (limit up, limit down): prices may stay within 5 % of the mean of the last five minutes. A
 * quote that leaves this band for 15 s halts the symbol for five minutes; a short auction reopens it.
 */
export class TradingStatus {
  state: TradingState = 'open';
  /** Grows by one with each change. */
  seq = 1;
  readonly #reference: ReferencePrice;
  readonly #second: Micros;
  #reason: HaltReason | null = null;
  #until: Micros | null = null;
  #auction: Micros = 0;
  #isReopened = false;
  #bandLow = 0;
  #bandHigh = 0;

  /** `second`: how long a second of the session lasts. */
  constructor(price: number, now: Micros, second: Micros) {
    this.#second = second;
    this.#reference = new ReferencePrice(price, now, second);
    this.#setBands();
  }

  /** While it does not, the quote stands still too. */
  get isTrading(): boolean {
    return this.state === 'open' || this.state === 'limit';
  }

  /** Stops trading for this long, and an auction. Nothing where it is stopped or about to be. */
  halt(reason: HaltReason, now: Micros, lasts: Micros, auction: Micros): void {
    if (this.state !== 'open') return;
    this.#auction = auction;
    this.#turn('halted', reason, now + lasts);
  }

  /** What the time alone changes. */
  advance(now: Micros): void {
    while (this.#until !== null && this.#until <= now) this.#next(this.#until);
  }

  /** What the quote changes; while it trades only. */
  watch({ bid, ask }: Pick<TopOfBook, 'bid' | 'ask'>, now: Micros): void {
    if (this.#isReopened) this.#begin((bid + ask) / 2, now);
    else if (this.state === 'open' && this.#reference.advance(now)) this.#setBands();
    const isAtLimit = bid >= this.#bandHigh || ask <= this.#bandLow;
    if (isAtLimit && this.state === 'open') this.#turn('limit', 'LULD', now + luldSec.limit * this.#second);
    if (!isAtLimit && this.state === 'limit') this.#turn('open', null, null);
  }

  /** Nothing trades outside the band. */
  allows(px: number): boolean {
    return px >= this.#bandLow && px <= this.#bandHigh;
  }

  traded(px: number): void {
    this.#reference.add(px);
  }

  message(): z.input<typeof statusMessage> {
    const { state, isTrading } = this;
    const bands = {
      bandLow: isTrading ? dollars(this.#bandLow) : null,
      bandHigh: isTrading ? dollars(this.#bandHigh) : null,
    };
    return { state, reason: this.#reason, until: this.#until, ...bands };
  }

  #next(at: Micros): void {
    switch (this.state) {
      case 'limit':
        this.#auction = luldSec.auction * this.#second;
        this.#turn('halted', 'LULD', at + luldSec.halt * this.#second);
        break;
      case 'halted':
        this.#turn('reopening', this.#reason, at + this.#auction);
        break;
      default:
        this.#isReopened = true;
        this.#turn('open', null, null);
    }
  }

  #begin(price: number, now: Micros): void {
    this.#isReopened = false;
    this.#reference.begin(price, now);
    this.#setBands();
  }

  #turn(state: TradingState, reason: HaltReason | null, until: Micros | null): void {
    this.state = state;
    this.#reason = reason;
    this.#until = until === null ? null : Math.round(until);
    this.seq++;
  }

  #setBands(): void {
    const low = Math.ceil(this.#reference.price * (1 - bandWidth));
    const high = Math.floor(this.#reference.price * (1 + bandWidth));
    if (low === this.#bandLow && high === this.#bandHigh) return;
    this.#bandLow = low;
    this.#bandHigh = high;
    this.seq++;
  }
}

const bandWidth = 0.05;
const luldSec = { limit: 15, halt: 300, auction: 10 } as const;
