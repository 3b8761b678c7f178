import type { Micros, Rng } from '../../src/feed/index.ts';
import { Bar } from './bar.ts';
import type { Instrument } from './instruments.ts';
import { MarketFactors, type RngSource } from './market-factors.ts';
import { modelC } from './price-parameters.ts';
import { PricePath } from './price-path.ts';
import { SessionClock } from './session-clock.ts';

/** One closed bar before the present, and the day of the session it belongs to. */
export type PastBar = { readonly bar: Bar; readonly day: number };

/** What was before the market opened: the present goes on from these factors and, for each instrument, this path. */
export type Past = {
  readonly factors: MarketFactors;
  readonly courses: readonly { readonly path: PricePath; readonly bars: readonly PastBar[] }[];
};

export type PastParts = {
  readonly instruments: readonly Instrument[];
  /** Whole minutes before the one in which the market opens. */
  readonly minutes: number;
  readonly start: Micros;
  readonly speed: number;
  readonly load: number;
  readonly rng: RngSource;
};

/** The same model on coarser steps, with random numbers of its own; undefined where there is no past. */
export function simulatePast({ instruments, minutes, start, speed, load, rng }: PastParts): Past | undefined {
  const shown = Math.min(minutes, Math.floor(mostBars / instruments.length), Math.floor(start / minuteMicros));
  if (shown <= 0) return undefined;
  const own: RngSource = (name) => rng(`past/${name}`);
  const factors = new MarketFactors(modelC, stepSec * speed, own);
  const session = new SessionClock(start, speed);
  const courses = instruments.map((instrument) => new Course(instrument, factors, { load, rng: own }));
  const present = start - (start % minuteMicros);
  for (let minute = present - shown * minuteMicros; minute < present; minute += minuteMicros) {
    session.set(minute);
    for (const course of courses) course.begin(minute, session.day);
    for (let step = 0; step < stepsPerMinute; step++) {
      session.set(minute + step * stepMicros);
      factors.step(session.fraction);
      for (const course of courses) course.step(step);
    }
  }
  return { factors, courses: courses.map((course) => course.end()) };
}

// 10 s: short enough for the range of a minute, long enough to live through hours before anybody notices.
const stepsPerMinute = 6;
const stepSec = 60 / stepsPerMinute;
const minuteMicros = 60e6;
const stepMicros = minuteMicros / stepsPerMinute;
const mostBars = 100_000; // about a second of start; with more symbols the past is shorter

type CourseParts = { readonly load: number; readonly rng: RngSource };

/** One instrument's way through the past. */
class Course {
  readonly #path: PricePath;
  readonly #factors: MarketFactors;
  readonly #rng: Rng;
  readonly #ratePerStep: number;
  readonly #spreadRatio: number;
  readonly #bars: PastBar[] = [];
  #bar = new Bar();
  /** Of the minute under way: its trades, spread evenly over it, and what hardly changes within it. */
  #n = 0;
  #shares = 0;
  #spread = 0;

  constructor(instrument: Instrument, factors: MarketFactors, { load, rng }: CourseParts) {
    this.#path = new PricePath(instrument, factors, rng);
    this.#factors = factors;
    this.#rng = rng(`${instrument.symbol}/trade`);
    this.#ratePerStep = instrument.tradesPerSec * load * factors.dtSec;
    this.#spreadRatio = instrument.spreadBp / 10_000;
  }

  begin(start: Micros, day: number): void {
    this.#bar = new Bar();
    this.#bar.open(start);
    this.#bars.push({ bar: this.#bar, day });
    const { price, relativeVol } = this.#path;
    const expected = this.#ratePerStep * stepsPerMinute * this.#factors.activity * relativeVol ** 0.7;
    this.#n = this.#rng.poisson(expected);
    this.#shares = meanShares * this.#rng.gamma(expected / sizeVariance, sizeVariance / expected);
    this.#spread = Math.max(1, Math.round(price * this.#spreadRatio * relativeVol ** 0.6));
  }

  /** Some trades at the bid and the others at the ask. Call after the market's own step. */
  step(step: number): void {
    this.#path.step();
    const n = Math.floor(((step + 1) * this.#n) / stepsPerMinute) - Math.floor((step * this.#n) / stepsPerMinute);
    if (n === 0) return;
    const bid = Math.max(1, Math.round(this.#path.price - this.#spread / 2));
    const draw = this.#rng.float();
    const isBuyFirst = draw < 0.5;
    const atFirst = 1 + Math.floor((n - 1) * ((2 * draw) % 1));
    this.#trade(isBuyFirst ? bid + this.#spread : bid, atFirst);
    if (atFirst < n) this.#trade(isBuyFirst ? bid : bid + this.#spread, n - atFirst);
  }

  /** The last trade is at the price from which the present goes on. */
  end(): Past['courses'][number] {
    this.#trade(Math.max(1, Math.round(this.#path.price)), 1);
    return { path: this.#path, bars: this.#bars.filter(({ bar }) => bar.n > 0) };
  }

  #trade(px: number, n: number): void {
    this.#bar.add(px, Math.max(n, Math.round(n * this.#shares)), n);
  }
}

// Of the sizes of live trades, which never exceed what is shown: their mean, and their variance against its square.
const meanShares = 86;
const sizeVariance = 1;
