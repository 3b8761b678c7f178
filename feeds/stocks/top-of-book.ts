import type { Rng } from '../../src/feed/index.ts';
import { Arrivals } from './arrivals.ts';
import type { Instrument } from './instruments.ts';
import type { RngSource } from './market-factors.ts';
import type { PricePath } from './price-path.ts';

/** The sides of a trade, named for its taker. */
export type Side = 'buy' | 'sell';

export const roundLot = 100; // shares; smaller trades are odd lots

/** Best bid and ask around a price. The ask is always at least one tick above the bid. */
export class TopOfBook {
  bid = 0;
  ask = 0;
  bidQty = 0;
  askQty = 0;
  /** Grows by one with each change of what is shown. */
  seq = 0;
  readonly #path: PricePath;
  readonly #spreadRatio: number;
  readonly #spreads: Rng;
  readonly #sizes: Rng;
  readonly #churnPerStep: number;
  readonly #churn: Arrivals;
  readonly #forgetPerStep: number;
  #mood: number;
  #moodAge = 0;

  constructor(instrument: Instrument, path: PricePath, { dtSec, load }: BookPace, rng: RngSource) {
    this.#path = path;
    this.#spreadRatio = instrument.spreadBp / 10_000;
    this.#spreads = rng(`${instrument.symbol}/spread`);
    this.#sizes = rng(`${instrument.symbol}/size`);
    this.#churnPerStep = churnPerSec * load * dtSec;
    this.#churn = new Arrivals(rng(`${instrument.symbol}/churn`));
    this.#forgetPerStep = dtSec / moodTauSec;
    this.#mood = this.#spreads.normal();
    this.#recentre();
    this.seq = 1;
  }

  /** Follows the price and lets shown sizes come and go; at most one change. Call after the path's step. */
  step(): void {
    const { bid, bidQty, ask, askQty } = this;
    this.#moodAge++;
    if (this.#hasStrayed()) this.#recentre();
    for (let left = this.#churn.count(this.#churnPerStep * this.#path.relativeVol); left > 0; left--) this.#resize();
    const isSame = bid === this.bid && ask === this.ask && bidQty === this.bidQty && askQty === this.askQty;
    if (!isSame) this.seq++;
  }

  /** What a taker of that side may get at once. */
  shown(side: Side): number {
    return side === 'buy' ? this.askQty : this.bidQty;
  }

  /** Takes `qty` of what is shown; a price that is used up is offered anew by the next in line. */
  take(side: Side, qty: number): void {
    const before = this.shown(side);
    const after = before - qty || this.#newSize();
    if (side === 'buy') this.askQty = after;
    else this.bidQty = after;
    if (after !== before) this.seq++;
  }

  /** Where the price stands between the middle (0) and the bid (-1) or ask (+1). */
  lean(): number {
    return (this.#path.price - (this.bid + this.ask) / 2) / ((this.ask - this.bid) / 2);
  }

  /** Quotes wait until the price has clearly left them, as resting orders do. */
  #hasStrayed(): boolean {
    const distance = Math.abs(this.#path.price - (this.bid + this.ask) / 2);
    return distance > (this.ask - this.bid) / 2 + hysteresisTicks;
  }

  #recentre(): void {
    const { price, relativeVol } = this.#path;
    const ideal = price * this.#spreadRatio * relativeVol ** 0.6 * Math.exp(0.5 * this.#nextMood());
    const spread = Math.max(1, Math.round(ideal));
    const bid = Math.max(1, Math.round(price - spread / 2));
    const ask = bid + spread;
    if (bid !== this.bid) this.bidQty = this.#newSize();
    if (ask !== this.ask) this.askQty = this.#newSize();
    this.bid = bid;
    this.ask = ask;
  }

  /** A slow AR(1), brought up to date only when it is asked for. */
  #nextMood(): number {
    const memory = Math.exp(-this.#forgetPerStep * this.#moodAge);
    this.#mood = this.#mood * memory + Math.sqrt(1 - memory * memory) * this.#spreads.normal();
    this.#moodAge = 0;
    return this.#mood;
  }

  #resize(): void {
    if (this.#sizes.float() < 0.5) this.bidQty = this.#newSize();
    else this.askQty = this.#newSize();
  }

  #newSize(): number {
    return roundLot * Math.max(1, Math.round(3 * this.#sizes.gamma(1.6, 1 / 1.6)));
  }
}

/** `dtSec` is session time a step; `load` multiplies how often sizes change. */
export type BookPace = { readonly dtSec: number; readonly load: number };

const churnPerSec = 0.2; // at the best prices only: most orders come and go behind them
const moodTauSec = 300; // spreads stay wide or narrow for minutes
const hysteresisTicks = 0.15;
