import type { Rng } from '../../src/feed/index.ts';

/**
 * A Poisson process with a changing rate. It runs down an exponential waiting time instead of drawing a number each
 * step, so that the many steps in which nothing happens cost one subtraction.
 */
export class Arrivals {
  readonly #rng: Rng;
  #wait: number;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#wait = rng.exponential();
  }

  /** How many arrive in a step in which `mean` are expected. */
  count(mean: number): number {
    this.#wait -= mean;
    let count = 0;
    while (this.#wait < 0) {
      this.#wait += this.#rng.exponential();
      count++;
    }
    return count;
  }
}
