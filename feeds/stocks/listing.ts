import type { Micros } from '../../src/feed/index.ts';
import { Bar } from './bar.ts';
import { DaySummary } from './day-summary.ts';
import { Depth } from './depth.ts';
import type { Instrument } from './instruments.ts';
import type { MarketFactors, RngSource } from './market-factors.ts';
import { dollars, ticks } from './messages.ts';
import type { Past, PastBar } from './past.ts';
import { PricePath } from './price-path.ts';
import { Pull } from './pull.ts';
import type { Incident } from './scenario.ts';
import { Tape } from './tape.ts';
import { type BookPace, roundLot, TopOfBook } from './top-of-book.ts';
import type { StockPublish } from './topics.ts';
import { TradingStatus } from './trading-status.ts';

/** The moment of one step. One object for all steps and listings, also handed to publish, which reads it at once. */
export type Moment = { ts: Micros; minute: Micros; day: number };

export type ListingParts = {
  readonly market: MarketFactors;
  readonly pace: BookPace;
  readonly rng: RngSource;
  readonly publish: StockPublish;
  readonly remove: (topic: string, key: string, options: { ts: Micros }) => void;
  readonly hasBook: boolean;
  /** Of the clock, for a step. */
  readonly stepMicros: Micros;
};

/** One symbol on the market: everything it publishes, each topic agreeing with the others. */
export class Listing {
  readonly symbol: string;
  readonly #path: PricePath;
  readonly #book: TopOfBook;
  readonly #depth: Depth | undefined;
  readonly #tape: Tape;
  readonly #status: TradingStatus;
  readonly #pull = new Pull();
  readonly #bar = new Bar();
  readonly #summary: DaySummary;
  readonly #publish: StockPublish;
  readonly #remove: ListingParts['remove'];
  readonly #stepMicros: Micros;
  readonly #topics: ReturnType<typeof topicsOf>;
  readonly #beatOffset: Micros;
  #beat: number;
  #quotedSeq = 0;
  #statusSeq = 0;
  #barTrades = 0;
  #tradeId = 0;

  constructor(instrument: Instrument, parts: ListingParts, start: Moment, past?: Past['courses'][number]) {
    const { market, pace, rng, publish, remove, hasBook, stepMicros } = parts;
    const { symbol } = instrument;
    this.symbol = symbol;
    this.#path = new PricePath(instrument, market, rng);
    if (past !== undefined) this.#path.adopt(past.path);
    this.#book = new TopOfBook(instrument, this.#path, pace, rng);
    this.#depth = hasBook ? new Depth(symbol, this.#book, this.#path, pace, rng) : undefined;
    this.#tape = new Tape(instrument, { market, path: this.#path, book: this.#book }, pace, rng);
    this.#status = new TradingStatus(this.#path.price, start.ts, stepMicros / pace.dtSec);
    this.#summary = summaryOf(past?.bars ?? [], start.day, ticks(instrument.ref));
    this.#publish = publish;
    this.#remove = remove;
    this.#stepMicros = stepMicros;
    this.#topics = topicsOf(symbol);
    // Each symbol has its own place in the second, so that thousands of tickers do not come in one burst.
    this.#beatOffset = Math.floor(rng(`${symbol}/beat`).float() * secondMicros);
    this.#beat = this.#beatAt(start.ts);
    this.#bar.open(start.minute);
  }

  /** What was, and the first quote, for whoever looks before anything has happened. */
  open(moment: Moment, past: readonly PastBar[] = []): void {
    for (const { bar } of past) this.#publish(this.#topics.bar, bar.message(true), { ts: bar.start + minuteMicros });
    this.#tellStatus(moment);
    this.#quote(moment);
    this.#tellDepth(moment);
    this.#publish(this.#topics.ticker, this.#summary.message(), moment);
  }

  /** While it does not trade nothing else befalls it. */
  suffer(incident: Incident, { ts }: Moment): void {
    if (this.#status.state !== 'open') return;
    switch (incident.kind) {
      case 'news':
        this.#status.halt('NEWS', ts, incident.haltSec * secondMicros, incident.auctionSec * secondMicros);
        this.#path.push(Math.log1p(incident.jump));
        return;
      case 'crash': {
        const fall = Math.log1p(-incident.fall);
        this.#pull.add(fall, (incident.fallSec * secondMicros) / this.#stepMicros);
        this.#pull.add(-fall, (incident.recoverSec * secondMicros) / this.#stepMicros);
      }
    }
  }

  /** Call after the market's own step. */
  step(moment: Moment): void {
    if (moment.minute !== this.#bar.start) this.#turnBar(moment);
    this.#summary.day = moment.day;
    this.#path.push(this.#pull.step());
    this.#path.step();
    this.#status.advance(moment.ts);
    if (this.#status.isTrading) this.#trade(moment);
    else this.#tellStatus(moment);
    const beat = this.#beatAt(moment.ts);
    if (beat === this.#beat) return;
    this.#beat = beat;
    this.#onTheSecond(moment);
  }

  /** The status goes first: nobody sees a quote move that is said to be halted. */
  #trade(moment: Moment): void {
    this.#book.step();
    this.#depth?.step();
    this.#status.watch(this.#book, moment.ts);
    this.#tellStatus(moment);
    this.#quote(moment);
    for (let left = this.#tape.count(); left > 0; left--) this.#tradeOnce(moment);
    this.#tellDepth(moment);
  }

  #tellStatus(moment: Moment): void {
    const status = this.#status;
    if (status.seq === this.#statusSeq) return;
    this.#statusSeq = status.seq;
    this.#publish(this.#topics.status, status.message(), moment);
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
  #tradeOnce(moment: Moment): void {
    const side = this.#tape.nextSide();
    const qty = this.#tape.nextQty(this.#book.shown(side));
    const px = side === 'buy' ? this.#book.ask : this.#book.bid;
    if (!this.#status.allows(px)) return;
    const cond = qty < roundLot ? oddLot : null;
    this.#publish(this.#topics.trade, { id: ++this.#tradeId, px: dollars(px), qty, side, cond }, moment);
    this.#status.traded(px);
    this.#bar.add(px, qty);
    this.#summary.add(px, qty);
    this.#book.take(side, qty);
    this.#quote(moment);
  }

  #tellDepth(moment: Moment): void {
    this.#depth?.tell((side, px, qty) => {
      const key = `${side === 'bid' ? 'b' : 'a'}${px}`;
      if (qty === 0) this.#remove(this.#topics.book, key, moment);
      else this.#publish(this.#topics.book, { side, px: dollars(px), qty }, { key, ts: moment.ts });
    });
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
    this.#publish(this.#topics.barNow, this.#bar.message(false), moment);
  }

  #beatAt(ts: Micros): number {
    return Math.floor((ts + this.#beatOffset) / secondMicros);
  }
}

const secondMicros = 1e6;
const minuteMicros = 60 * secondMicros;
const oddLot: ['odd'] = ['odd'];

/** The day begins before the market opens, as far as its past is known. */
function summaryOf(past: readonly PastBar[], today: number, price: number): DaySummary {
  const first = past[0];
  const summary = new DaySummary(first?.day ?? today, first?.bar.first ?? price);
  for (const { bar, day } of past) {
    summary.day = day;
    summary.addBar(bar);
  }
  summary.day = today;
  return summary;
}

function topicsOf(symbol: string) {
  return {
    quote: `market.sim.${symbol}.quote`,
    book: `market.sim.${symbol}.book`,
    trade: `market.sim.${symbol}.trade`,
    bar: `market.sim.${symbol}.bar.1m`,
    barNow: `market.sim.${symbol}.bar.now`,
    ticker: `market.sim.${symbol}.ticker`,
    status: `market.sim.${symbol}.status`,
  } as const;
}
