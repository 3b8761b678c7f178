/** The market messages, the same for every venue. Field order is wire order. */

import { z } from 'zod';
import { decimal, measure, micros } from '../../src/feed/index.ts';

/** Digits of a price: whole cents, for every symbol trades far above $1, where the tick is one cent. */
export const pxScale = 2;
const px = () => decimal(pxScale, 'USD');

/** Reference data of one symbol: a row of `market.<venue>.instruments`. */
export const instrumentMessage = z.object({
  symbol: z.string(),
  venue: z.string(),
  base: z.string().nullable(),
  quote: z.string().nullable(),
  type: z.enum(['equity', 'crypto', 'fx', 'index']),
  sector: z.string().nullable(),
  currency: z.string(),
  pxScale: z.int(),
  qtyScale: z.int(),
  tick: px(),
  lot: z.int().positive(),
  session: z.enum(['24x7', 'us-equities']),
  ref: px(),
  /** For people: the company's. */
  name: z.string(),
});

/** Top of the book; `bookSeq` grows by one with each change of it. A price of 0 says that side is empty. */
export const quoteMessage = z.object({
  bid: px(),
  bidQty: z.int().nonnegative(),
  ask: px(),
  askQty: z.int().nonnegative(),
  bookSeq: z.int().positive(),
});

/** A price level of the book: a row of `…book`, its key `b` or `a` and the price in ticks. A level that is gone is taken off. */
export const bookMessage = z.object({
  side: z.enum(['bid', 'ask']),
  px: px(),
  qty: z.int().positive(),
});

/** Whether a symbol trades. While it is halted or reopening nothing trades, and quote and book stand still. */
export const statusMessage = z.object({
  /** `limit`: the quote has left the band; `reopening`: the auction after a halt. */
  state: z.enum(['pre', 'auction', 'open', 'limit', 'halted', 'reopening', 'closed']),
  reason: z.enum(['LULD', 'NEWS', 'REG', 'SCHED', 'OPS']).nullable(),
  /** When this state is over unless something else happens first; null where that is open. */
  until: micros().nullable(),
  /** Nothing trades outside these; null while nothing trades at all. */
  bandLow: px().nullable(),
  bandHigh: px().nullable(),
});

/** One trade; `side` is the taker's, null where a venue does not tell. */
export const tradeMessage = z.object({
  id: z.int().positive(),
  px: px(),
  qty: z.int().positive(),
  side: z.enum(['buy', 'sell']).nullable(),
  cond: z.array(z.enum(['open', 'close', 'odd', 'block', 'late'])).nullish(),
});

/** The exact fold of the trades in [start, start + interval). */
export const barMessage = z.object({
  start: micros(),
  o: px(),
  h: px(),
  l: px(),
  c: px(),
  v: z.int().positive(),
  n: z.int().positive(),
  vwap: decimal(pxScale + 2, 'USD'), // an average needs digits that a price does not have
  closed: z.boolean(),
});

/** The day so far. Before its first trade every price is the previous close. */
export const tickerMessage = z.object({
  last: px(),
  open: px(),
  high: px(),
  low: px(),
  prevClose: px(),
  vol: z.int().nonnegative(),
  turnover: px(),
  n: z.int().nonnegative(),
  changePct: measure('%'),
});

const centsPerDollar = 10 ** pxScale;

/** Prices are whole ticks inside the simulator and dollars in its messages; one division keeps them exact. */
export function dollars(ticks: number): number {
  return ticks / centsPerDollar;
}

/** The inverse of dollars, to the nearest tick. */
export function ticks(price: number): number {
  return Math.round(price * centsPerDollar);
}

/** The smallest step of a price, in dollars. */
export const tickSize = 1 / centsPerDollar;
