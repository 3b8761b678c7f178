import type { Rng } from '../../src/feed/index.ts';
import { activityShape, volatilityShape } from './intraday.ts';
import { LogVolatility } from './log-volatility.ts';
import { type PriceParameters, sessionSec } from './price-parameters.ts';

export type RngSource = (name: string) => Rng;

/** This step's return of one sector, in units of the market's volatility. */
export type SectorShock = { z: number };

/** What all symbols have in common: stepped once, then read by each. */
export class MarketFactors {
  readonly parameters: PriceParameters;
  readonly dtSec: number;
  /** Half the market's log-volatility less its mean, as it was before this step. */
  halfLogVol = 0;
  /** The market's volatility before this step; the mean of its square is 1. */
  vol = 1;
  /** The market's return, in units of its volatility. */
  z = 0;
  /** Intraday volatility and activity against the average. */
  volShape = 1;
  activity = 1;
  /** volShape · √(dt / session) */
  scale = 0;
  readonly #logVol: LogVolatility;
  readonly #returns: Rng;
  readonly #vols: Rng;
  readonly #rng: RngSource;
  readonly #sectors = new Map<string, { shock: SectorShock; rng: Rng }>();

  constructor(parameters: PriceParameters, dtSec: number, rng: RngSource) {
    this.parameters = parameters;
    this.dtSec = dtSec;
    this.#rng = rng;
    this.#returns = rng('market/return');
    this.#vols = rng('market/vol');
    this.#logVol = new LogVolatility(parameters.marketVol, dtSec, this.#vols);
  }

  /** The shock of a sector, kept up to date by `step`. */
  sector(name: string): SectorShock {
    const found = this.#sectors.get(name);
    if (found !== undefined) return found.shock;
    const shock = { z: 0 };
    this.#sectors.set(name, { shock, rng: this.#rng(`sector/${name}`) });
    return shock;
  }

  /** Goes on from where another market is, whatever its step. */
  adopt(other: MarketFactors): void {
    this.#logVol.adopt(other.#logVol);
  }

  /** `u` is the fraction of the session that has passed. */
  step(u: number): void {
    this.volShape = volatilityShape(u);
    this.activity = activityShape(u);
    this.scale = this.volShape * Math.sqrt(this.dtSec / sessionSec);
    const logVol = this.#logVol.sum;
    this.halfLogVol = 0.5 * logVol - 0.25 * this.#logVol.variance;
    this.vol = Math.exp(logVol - this.#logVol.variance);
    this.z = this.#returns.normal();
    const { leverage } = this.parameters;
    this.#logVol.step(leverage * this.z + Math.sqrt(1 - leverage ** 2) * this.#vols.normal());
    for (const { shock, rng } of this.#sectors.values()) shock.z = rng.normal();
  }
}
