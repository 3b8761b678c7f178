import type { z } from 'zod';
import type { Micros } from '../../src/feed/index.ts';
import { type barMessage, dollars } from './messages.ts';

/** The bar of one interval as it grows, in ticks. Add the trades of one interval, read it, then `open` the next. */
export class Bar {
  start: Micros = 0;
  /** Trades so far; a bar without any is never published. */
  n = 0;
  /** Prices in ticks, of no meaning without trades. */
  first = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  turnover = 0;

  open(start: Micros): void {
    this.start = start;
    this.n = 0;
    this.volume = 0;
    this.turnover = 0;
  }

  /** A trade, or `n` at one price with `qty` in all. */
  add(px: number, qty: number, n = 1): void {
    if (this.n === 0) {
      this.first = px;
      this.high = px;
      this.low = px;
    } else if (px > this.high) this.high = px;
    else if (px < this.low) this.low = px;
    this.close = px;
    this.volume += qty;
    this.turnover += px * qty;
    this.n += n;
  }

  message(closed: boolean): z.input<typeof barMessage> {
    return {
      start: this.start,
      o: dollars(this.first),
      h: dollars(this.high),
      l: dollars(this.low),
      c: dollars(this.close),
      v: this.volume,
      n: this.n,
      vwap: Math.round((this.turnover * 100) / this.volume) / 10_000, // ticks with two more digits
      closed,
    };
  }
}
