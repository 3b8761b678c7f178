import type { Micros } from '../../src/feed/index.ts';
import { Bar } from './bar.ts';
import { DaySummary } from './day-summary.ts';
import type { Instrument } from './instruments.ts';
import type { MarketFactors, RngSource } from './market-factors.ts';
import { dollars, ticks } from './messages.ts';
import { PricePath } from './price-path.ts';
import { Tape } from './tape.ts';
import { type BookPace, roundLot, TopOfBook } from './top-of-book.ts';
import type { StockPublish } from './topics.ts';

/** The moment of one step. One object for all steps and listings, also handed to publish, which reads it at once. */
export type Moment = { ts: Micros; minute: Micros; day: number };

export type ListingParts = {
  readonly market: MarketFactors;
  readonly pace: BookPace;
  readonly rng: RngSource;
  readonly publish: StockPublish;
};

/** One symbol on the market: everything it publishes, each topic agreeing with the others. */
export class Listing {
  readonly #path: PricePath;
  readonly #book: TopOfBook;
  readonly #tape: Tape;
  readonly #bar = new Bar();
  readonly #summary: DaySummary;
  readonly #publish: StockPublish;
  readonly #topics: ReturnType<typeof topicsOf>;
  readonly #beatOffset: Micros;
  #beat: number;
  #quotedSeq = 0;
  #barTrades = 0;
  #tradeId = 0;

  constructor(instrument: Instrument, { market, pace, rng, publish }: ListingParts, start: Moment) {
    this.#path = new PricePath(instrument, market, rng);
    this.#book = new TopOfBook(instrument, this.#path, pace, rng);
    this.#tape = new Tape(instrument, { market, path: this.#path, book: this.#book }, pace, rng);
    this.#summary = new DaySummary(start.day, ticks(instrument.ref));
    this.#publish = publish;
    this.#topics = topicsOf(instrument.symbol);
    // Each symbol has its own place in the second, so that thousands of tickers do not come in one burst.
    this.#beatOffset = Math.floor(rng(`${instrument.symbol}/beat`).float() * secondMicros);
    this.#beat = this.#beatAt(start.ts);
    this.#bar.open(start.minute);
  }

  /** The first quote, for whoever looks before anything has happened. */
  open(moment: Moment): void {
    this.#quote(moment);
    this.#publish(this.#topics.ticker, this.#summary.message(), moment);
  }

  /** Call after the market's own step. */
  step(moment: Moment): void {
    if (moment.minute !== this.#bar.start) this.#turnBar(moment);
    this.#summary.day = moment.day;
    this.#path.step();
    this.#book.step();
    this.#quote(moment);
    for (let left = this.#tape.count(); left > 0; left--) this.#trade(moment);
    const beat = this.#beatAt(moment.ts);
    if (beat === this.#beat) return;
    this.#beat = beat;
    this.#onTheSecond(moment);
  }

  #quote(moment: Moment): void {
    const book = this.#book;
    if (book.seq === this.#quotedSeq) return;
    this.#quotedSeq = book.seq;
    const { bidQty, askQty } = book;
    const message = { bid: dollars(book.bid), bidQty, ask: dollars(book.ask), askQty, bookSeq: book.seq };
    this.#publish(this.#topics.quote, message, moment);
  }

  /** The quote follows its trade at once, so that each trade finds the quote it was made at before it. */
  #trade(moment: Moment): void {
    const side = this.#tape.nextSide();
    const qty = this.#tape.nextQty(this.#book.shown(side));
    const px = side === 'buy' ? this.#book.ask : this.#book.bid;
    const cond = qty < roundLot ? oddLot : null;
    this.#publish(this.#topics.trade, { id: ++this.#tradeId, px: dollars(px), qty, side, cond }, moment);
    this.#bar.add(px, qty);
    this.#summary.add(px, qty);
    this.#book.take(side, qty);
    this.#quote(moment);
  }

  #turnBar(moment: Moment): void {
    if (this.#bar.n > 0) this.#publish(this.#topics.bar, this.#bar.message(true), moment);
    this.#bar.open(moment.minute);
    this.#barTrades = 0;
  }

  #onTheSecond(moment: Moment): void {
    this.#publish(this.#topics.ticker, this.#summary.message(), moment);
    if (this.#bar.n === this.#barTrades) return;
    this.#barTrades = this.#bar.n;
    this.#publish(this.#topics.bar, this.#bar.message(false), moment);
  }

  #beatAt(ts: Micros): number {
    return Math.floor((ts + this.#beatOffset) / secondMicros);
  }
}

const secondMicros = 1e6;
const oddLot: ['odd'] = ['odd'];

function topicsOf(symbol: string) {
  return {
    quote: `market.sim.${symbol}.quote`,
    trade: `market.sim.${symbol}.trade`,
    bar: `market.sim.${symbol}.bar.1m`,
    ticker: `market.sim.${symbol}.ticker`,
  } as const;
}
