/** Noise with a memory: the Ornstein-Uhlenbeck process, stepped exactly, so that results do not hang on the step. */

/** Mean 0, standard deviation 1, correlation e^(−Δ/tau). It starts in its stationary state. */
export class Ou {
  value: number;
  readonly #tau: number;
  readonly #normal: () => number;
  #step = Number.NaN;
  #keep = 0;
  #fresh = 1;

  /** `tau` and the steps share one unit of time, whichever the caller likes. */
  constructor(tau: number, normal: () => number) {
    this.#tau = tau;
    this.#normal = normal;
    this.value = normal();
  }

  advance(step: number): number {
    if (step !== this.#step) this.#prepare(step);
    this.value = this.value * this.#keep + this.#fresh * this.#normal();
    return this.value;
  }

  // Steps are nearly always alike: the two exponentials are worth keeping.
  #prepare(step: number): void {
    this.#step = step;
    this.#keep = Math.exp(-step / this.#tau);
    this.#fresh = Math.sqrt(1 - this.#keep * this.#keep);
  }
}

/** Draws `from` towards `to` as e^(−step/tau) does: an exponential mean, a thermal mass, a relaxing flag. */
export function relax(from: number, to: number, step: number, tau: number): number {
  return to + (from - to) * Math.exp(-step / tau);
}
