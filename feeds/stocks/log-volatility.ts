import type { Rng } from '../../src/feed/index.ts';

/** One Ornstein-Uhlenbeck part of a log-volatility: how long it remembers, and its stationary variance. */
export type VolatilityFactor = { readonly tauSec: number; readonly variance: number };

/**
 * A log-volatility that is the sum of several OU processes, from minutes to weeks; that sum is what gives clustering
 * and fat tails. The step is exact for any `dtSec`, so the statistics do not depend on it.
 */
export class LogVolatility {
  /** The sum now. Read it before `step`: a return drawn with the updated one is biased. */
  sum = 0;
  readonly variance: number;
  readonly #states: Float64Array;
  readonly #decays: Float64Array;
  readonly #noises: Float64Array;
  readonly #rng: Rng;

  constructor(factors: readonly VolatilityFactor[], dtSec: number, rng: Rng) {
    this.#rng = rng;
    this.variance = factors.reduce((total, factor) => total + factor.variance, 0);
    this.#states = Float64Array.from(factors, ({ variance }) => Math.sqrt(variance) * rng.normal());
    this.#decays = Float64Array.from(factors, ({ tauSec }) => Math.exp(-dtSec / tauSec));
    this.#noises = Float64Array.from(factors, ({ tauSec, variance }) =>
      Math.sqrt(variance * (1 - Math.exp((-2 * dtSec) / tauSec))),
    );
    this.sum = this.#states.reduce((total, state) => total + state, 0);
  }

  /** Goes on from where another of the same factors is, whatever its step. */
  adopt(other: LogVolatility): void {
    this.#states.set(other.#states);
    this.sum = other.sum;
  }

  /** `firstInnovation` replaces the first factor's own noise: that is how returns reach the volatility. */
  step(firstInnovation = this.#rng.normal()): void {
    const states = this.#states;
    let sum = 0;
    for (let i = 0; i < states.length; i++) {
      const noise = i === 0 ? firstInnovation : this.#rng.normal();
      const state = (states[i] as number) * (this.#decays[i] as number) + (this.#noises[i] as number) * noise;
      states[i] = state;
      sum += state;
    }
    this.sum = sum;
  }
}
