import type { Micros } from '../../src/feed/index.ts';

/**
 * Session time of a market that never closes: it starts at the clock's own time of day and runs `speed` times as fast.
 * One intraday profile is stretched over each UTC day, while a second stays as lively as a second of a 6.5 h session:
 * a whole day sees 3.7 sessions' worth of trades and variance, and a visitor at any hour sees an open market.
 */
export class SessionClock {
  /** How much of the session has passed, in [0, 1). */
  fraction = 0;
  /** Grows by one with each session. */
  day = 0;
  readonly #start: Micros;
  readonly #speed: number;

  constructor(start: Micros, speed: number) {
    this.#start = start;
    this.#speed = speed;
    this.set(start);
  }

  set(now: Micros): void {
    const days = (this.#start + (now - this.#start) * this.#speed) / dayMicros;
    this.day = Math.floor(days);
    this.fraction = days - this.day;
  }
}

const dayMicros = 86_400e6;
