import type { FeedContext, Micros } from '../../src/feed/index.ts';
import { chosenInstruments, loadFactors, type StocksConfig } from './config.ts';
import type { Instrument } from './instruments.ts';
import { Listing, type Moment } from './listing.ts';
import { MarketFactors } from './market-factors.ts';
import { pxScale, tickSize } from './messages.ts';
import { simulatePast } from './past.ts';
import { modelC } from './price-parameters.ts';
import { Scenario } from './scenario.ts';
import { SessionClock } from './session-clock.ts';
import { roundLot } from './top-of-book.ts';
import type { StockPublish, stockTopics } from './topics.ts';

export type StocksContext = FeedContext<typeof stockTopics, StocksConfig>;

/** The whole simulated market, moved on in steps of fixed virtual length from where it was opened. */
export class Market {
  readonly #factors: MarketFactors;
  readonly #listings: readonly Listing[];
  readonly #bySymbol: ReadonlyMap<string, Listing>;
  readonly #scenario: Scenario;
  readonly #session: SessionClock;
  readonly #stepMicros: Micros;
  readonly #moment: Moment;
  readonly #log: StocksContext['log'];

  /** Publishes the instruments, the past and the first quotes. */
  constructor({ config, clock, rng, publish, remove, log }: StocksContext) {
    const start = clock.now();
    const dtSec = (config.stepMs / 1000) * config.speed;
    this.#log = log;
    this.#stepMicros = config.stepMs * 1000;
    this.#session = new SessionClock(start, config.speed);
    this.#moment = { ts: start, minute: minuteOf(start), day: this.#session.day };
    this.#factors = new MarketFactors(modelC, dtSec, rng);
    const load = loadFactors[config.load];
    const parts = {
      ...{ market: this.#factors, pace: { dtSec, load }, rng, publish, remove },
      ...{ hasBook: config.book, stepMicros: this.#stepMicros },
    };
    const instruments = chosenInstruments(config.symbols);
    const past = simulatePast({ instruments, minutes: config.pastMin, start, speed: config.speed, load, rng });
    if (past !== undefined) this.#factors.adopt(past.factors);
    this.#listings = instruments.map((instrument, i) => new Listing(instrument, parts, this.#moment, past?.courses[i]));
    this.#bySymbol = new Map(this.#listings.map((listing) => [listing.symbol, listing]));
    this.#scenario = new Scenario(config.scenario, [...this.#bySymbol.keys()], start, rng);
    for (const instrument of instruments) announce(instrument, config.session, publish, start);
    for (const [i, listing] of this.#listings.entries()) listing.open(this.#moment, past?.courses[i]?.bars);
    // Steps fall on whole multiples of their length, as the ticks do, so that no event is older than its tick.
    this.#moment.ts = (Math.ceil(start / this.#stepMicros) - 1) * this.#stepMicros;
  }

  /** Runs the steps that are due. However many calls it takes to get to `now`, the outcome is the same. */
  advanceTo(now: Micros): void {
    const due = Math.floor((now - this.#moment.ts) / this.#stepMicros);
    const leftOut = Math.max(0, due - maxStepsBehind);
    if (leftOut > 0) {
      this.#log.warn(`${leftOut} steps of ${this.#stepMicros / 1000} ms left out: too far behind`);
      this.#moment.ts += leftOut * this.#stepMicros;
    }
    for (let left = due - leftOut; left > 0; left--) this.#step();
  }

  #step(): void {
    const moment = this.#moment;
    moment.ts += this.#stepMicros;
    this.#session.set(moment.ts);
    moment.minute = minuteOf(moment.ts);
    moment.day = this.#session.day;
    this.#factors.step(this.#session.fraction);
    const strike = this.#scenario.strike(moment.ts);
    if (strike !== undefined) this.#bySymbol.get(strike.symbol)?.suffer(strike.incident, moment);
    for (const listing of this.#listings) listing.step(moment);
  }
}

const maxStepsBehind = 100; // after a longer pause (a suspended laptop) the market goes on from now

function minuteOf(ts: Micros): Micros {
  return ts - (ts % 60e6);
}

function announce(instrument: Instrument, session: StocksConfig['session'], publish: StockPublish, ts: Micros): void {
  const { symbol, name, sector, ref } = instrument;
  const listed = { symbol, venue: 'sim', base: null, quote: null, type: 'equity', sector, currency: 'USD' } as const;
  const units = { pxScale, qtyScale: 0, tick: tickSize, lot: roundLot };
  publish('market.sim.instruments', { ...listed, ...units, session, ref, name }, { key: symbol, ts });
}
