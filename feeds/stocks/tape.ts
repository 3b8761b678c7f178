import type { Rng } from '../../src/feed/index.ts';
import { Arrivals } from './arrivals.ts';
import type { Instrument } from './instruments.ts';
import type { MarketFactors, RngSource } from './market-factors.ts';
import type { PricePath } from './price-path.ts';
import type { BookPace, Side, TopOfBook } from './top-of-book.ts';

/** Decides how many trades a step has, and of each its side and size. */
export class Tape {
  readonly #market: MarketFactors;
  readonly #path: PricePath;
  readonly #book: TopOfBook;
  readonly #arrivals: Arrivals;
  readonly #sides: Rng;
  readonly #sizes: Rng;
  readonly #ratePerStep: number;
  #lastSide = 0;

  constructor(instrument: Instrument, parts: TapeParts, { dtSec, load }: BookPace, rng: RngSource) {
    this.#market = parts.market;
    this.#path = parts.path;
    this.#book = parts.book;
    this.#arrivals = new Arrivals(rng(`${instrument.symbol}/trade`));
    this.#sides = rng(`${instrument.symbol}/side`);
    this.#sizes = rng(`${instrument.symbol}/qty`);
    this.#ratePerStep = instrument.tradesPerSec * load * dtSec;
  }

  /** Trades in this step: more of them when the day is young or old and when prices move. */
  count(): number {
    return this.#arrivals.count(this.#ratePerStep * this.#market.activity * this.#path.relativeVol ** 0.7);
  }

  /** Takers follow each other, and buy when the price is nearer the ask. */
  nextSide(): Side {
    const buyChance = 0.5 + 0.17 * this.#lastSide + 0.25 * Math.tanh(this.#book.lean());
    const isBuy = this.#sides.float() < buyChance;
    this.#lastSide = isBuy ? 1 : -1;
    return isBuy ? 'buy' : 'sell';
  }

  /** Shares, never more than `shown`. */
  nextQty(shown: number): number {
    const wanted = Math.round(Math.exp(4.2 + 1.1 * this.#sizes.normal()));
    return Math.min(shown, Math.max(1, wanted));
  }
}

export type TapeParts = { readonly market: MarketFactors; readonly path: PricePath; readonly book: TopOfBook };
