import type { z } from 'zod';
import type { Bar } from './bar.ts';
import { dollars, type tickerMessage } from './messages.ts';

/** One symbol's session so far, in ticks: what its ticker shows. */
export class DaySummary {
  #day: number;
  #last: number;
  #open: number;
  #high: number;
  #low: number;
  #prevClose: number;
  #volume = 0;
  #turnover = 0;
  #n = 0;

  constructor(day: number, prevClose: number) {
    this.#day = day;
    this.#last = prevClose;
    this.#open = prevClose;
    this.#high = prevClose;
    this.#low = prevClose;
    this.#prevClose = prevClose;
  }

  /** A new day starts from the last price of the one before. */
  set day(day: number) {
    if (day === this.#day) return;
    this.#day = day;
    this.#prevClose = this.#last;
    this.#open = this.#last;
    this.#high = this.#last;
    this.#low = this.#last;
    this.#volume = 0;
    this.#turnover = 0;
    this.#n = 0;
  }

  add(px: number, qty: number): void {
    this.#widen(px, px, px);
    this.#last = px;
    this.#volume += qty;
    this.#turnover += px * qty;
    this.#n++;
  }

  /** All the trades of a bar at once. */
  addBar({ first, high, low, close, volume, turnover, n }: Bar): void {
    this.#widen(first, high, low);
    this.#last = close;
    this.#volume += volume;
    this.#turnover += turnover;
    this.#n += n;
  }

  message(): z.input<typeof tickerMessage> {
    return {
      last: dollars(this.#last),
      open: dollars(this.#open),
      high: dollars(this.#high),
      low: dollars(this.#low),
      prevClose: dollars(this.#prevClose),
      vol: this.#volume,
      turnover: dollars(this.#turnover),
      n: this.#n,
      changePct: Math.round((this.#last / this.#prevClose - 1) * 1e6) / 1e4, // a ten-thousandth of a percent is plenty
    };
  }

  #widen(first: number, high: number, low: number): void {
    const isFirst = this.#n === 0;
    if (isFirst) this.#open = first;
    if (isFirst || high > this.#high) this.#high = high;
    if (isFirst || low < this.#low) this.#low = low;
  }
}
