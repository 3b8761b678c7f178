import type { Rng } from '../../src/feed/index.ts';
import { Arrivals } from './arrivals.ts';
import { Ladder, maxLevels } from './ladder.ts';
import type { RngSource } from './market-factors.ts';
import type { PricePath } from './price-path.ts';
import { type BookPace, roundLot, type TopOfBook } from './top-of-book.ts';

export type BookSide = 'bid' | 'ask';
/** `qty` 0: nothing is left at that price, which is in ticks. */
export type LevelChange = (side: BookSide, px: number, qty: number) => void;

/** The book behind a quote. Its best levels are the quote's, and its random numbers its own, so it moves no price. */
export class Depth {
  readonly #quote: TopOfBook;
  readonly #path: PricePath;
  readonly #rng: Rng;
  readonly #churn: Arrivals;
  readonly #churnPerStep: number;
  readonly #bids: Ladder;
  readonly #asks: Ladder;
  #quoteSeq = 0;
  #isChanged = false;

  constructor(symbol: string, quote: TopOfBook, path: PricePath, { dtSec, load }: BookPace, rng: RngSource) {
    this.#quote = quote;
    this.#path = path;
    this.#rng = rng(`${symbol}/depth`);
    this.#churn = new Arrivals(rng(`${symbol}/depth-churn`));
    this.#churnPerStep = churnPerSec * load * dtSec;
    const newSize = (level: number) => this.#newSize(level);
    this.#bids = new Ladder(-1, newSize);
    this.#asks = new Ladder(1, newSize);
  }

  /** Lets orders behind the best prices come and go, most of them near it. */
  step(): void {
    const mean = Math.min(this.#churnPerStep * this.#path.relativeVol, mostChurnPerStep);
    for (let left = this.#churn.count(mean); left > 0; left--) {
      const side = this.#rng.float() < 0.5 ? this.#bids : this.#asks;
      side.resize(1 + Math.floor(meanChurnLevel * this.#rng.exponential()));
      this.#isChanged = true;
    }
  }

  /** Follows the quote and tells what has changed since the last call. */
  tell(change: LevelChange): void {
    const quote = this.#quote;
    if (quote.seq === this.#quoteSeq && !this.#isChanged) return;
    this.#quoteSeq = quote.seq;
    this.#isChanged = false;
    this.#bids.follow(quote.bid, quote.bidQty);
    this.#asks.follow(quote.ask, quote.askQty);
    this.#bids.tell((px, qty) => change('bid', px, qty));
    this.#asks.tell((px, qty) => change('ask', px, qty));
  }

  /** The most rests a few ticks away from the best, as in books of real exchanges. */
  #newSize(level: number): number {
    const mean = 3 * (1 + 0.55 * Math.min(level, 5));
    return roundLot * Math.max(1, Math.round(mean * this.#rng.gamma(1.6, 1 / 1.6)));
  }
}

const churnPerSec = 4; // twenty times that of the best prices
const meanChurnLevel = 2.2;
const mostChurnPerStep = 2 * 2 * maxLevels; // by then nearly every level has changed, and more would not be seen
