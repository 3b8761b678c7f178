import type { Micros } from '../../src/feed/index.ts';

/**
 * The time of a simulated world: it starts with the feed's clock and runs `speed` times as fast, in whole seconds.
 * Publications keep the feed's own time, so that their age is true at any speed.
 */
export class ModelClock {
  readonly startSec: number;
  readonly #start: Micros;
  readonly #speed: number;

  constructor(start: Micros, speed: number) {
    this.#start = start;
    this.#speed = speed;
    this.startSec = Math.floor(start / 1e6);
  }

  /** The last whole model second that has begun at this time of the feed's clock. */
  secondAt(now: Micros): number {
    return Math.floor((this.#start + (now - this.#start) * this.#speed) / 1e6);
  }

  /** When that model second began on the feed's clock; for the first one the start, in which it was under way. */
  microsOf(sec: number): Micros {
    const since = Math.round((sec * 1e6 - this.#start) / this.#speed);
    return this.#start + (sec === this.startSec ? 0 : since);
  }
}
