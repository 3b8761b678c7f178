import type { Rng } from '../../src/feed/index.ts';
import { Arrivals } from './arrivals.ts';
import { type Instrument, sectors } from './instruments.ts';
import { LogVolatility } from './log-volatility.ts';
import type { MarketFactors, RngSource, SectorShock } from './market-factors.ts';
import { ticks } from './messages.ts';
import { sessionSec } from './price-parameters.ts';

/** The efficient price of one symbol, which quotes and trades gather around. Positive by construction. */
export class PricePath {
  /** In ticks, not rounded. */
  price: number;
  /** Volatility now against the symbol's daily one, time of day included. */
  relativeVol = 1;
  readonly #market: MarketFactors;
  readonly #sector: SectorShock;
  readonly #logVol: LogVolatility;
  readonly #noise: Rng;
  readonly #jumps: Rng;
  readonly #jumpTimes: Arrivals;
  readonly #dailyVol: number;
  readonly #beta: number;
  readonly #gamma: number;
  readonly #own: number;
  readonly #jumpRate: number;
  readonly #jumpMean: number;
  readonly #reversion: number;
  readonly #logRef: number;
  #logPrice: number;

  constructor(instrument: Instrument, market: MarketFactors, rng: RngSource) {
    const { symbol, sector, ref, dailyVol } = instrument;
    const { parameters, dtSec } = market;
    this.#market = market;
    this.#sector = market.sector(sector);
    this.#noise = rng(`${symbol}/price`);
    this.#jumps = rng(`${symbol}/jump`);
    this.#jumpTimes = new Arrivals(this.#jumps);
    this.#logVol = new LogVolatility(parameters.symbolVol, dtSec, rng(`${symbol}/vol`));
    this.#dailyVol = dailyVol;
    this.#beta = sectors[sector].beta;
    this.#gamma = parameters.sectorLoading;
    this.#own = Math.sqrt(1 - this.#beta ** 2 - this.#gamma ** 2);
    this.#jumpRate = (parameters.jumpsPerSession * dtSec) / sessionSec;
    this.#jumpMean = parameters.jumpSize * dailyVol;
    this.#reversion = dtSec / (parameters.reversionSessions * sessionSec);
    this.price = ticks(ref);
    this.#logRef = Math.log(this.price);
    this.#logPrice = this.#logRef;
  }

  /** Goes on from where another path of the same instrument is, whatever its step. */
  adopt(other: PricePath): void {
    this.#logVol.adopt(other.#logVol);
    this.#logPrice = other.#logPrice;
    this.price = other.price;
    this.relativeVol = other.relativeVol;
  }

  /** Call after the market's own step. */
  step(): void {
    const market = this.#market;
    const logVol = this.#logVol;
    // Both volatilities are those from before this step: with leverage, the updated ones would make prices sink.
    const ownVol = Math.exp(market.halfLogVol + logVol.sum - logVol.variance);
    logVol.step();
    const sigma = this.#dailyVol * market.scale;
    const common = market.vol * (this.#beta * market.z + this.#gamma * this.#sector.z);
    let move = sigma * (common + this.#own * ownVol * this.#noise.normal()) - 0.5 * sigma * sigma;
    move += this.#jump(market.volShape);
    this.#logPrice += move - (this.#logPrice - this.#logRef) * this.#reversion;
    this.price = Math.exp(this.#logPrice);
    const shared = (this.#beta ** 2 + this.#gamma ** 2) * market.vol ** 2;
    this.relativeVol = market.volShape * Math.sqrt(shared + (this.#own * ownVol) ** 2);
  }

  /** Moves the logarithm of the price from outside the market; seen from the next step on. */
  push(logMove: number): void {
    this.#logPrice += logMove;
  }

  #jump(volShape: number): number {
    let total = 0;
    for (let left = this.#jumpTimes.count(this.#jumpRate * volShape * volShape); left > 0; left--) {
      const size = this.#jumpMean * this.#jumps.exponential();
      total += this.#jumps.float() < 0.5 ? -size : size;
    }
    return total;
  }
}
