/** When what the streams hold leaves: at the end of the loop turn, or later, so that more turns share a message. */

/** Time as the pace needs it; tests hand in their own. */
export type FlushTime = {
  /** Monotonic milliseconds. */
  now(): number;
  /** In the next loop turn, or at the end of this one. */
  soon(run: () => void): void;
  after(delayMs: number, run: () => void): void;
};

export type FlushOptions = {
  /** 0: at the end of the turn; more: so long after the first publication that is held. */
  readonly flushIntervalMs: number;
  /** With `flushIntervalMs` 0: how long a rest after an expensive flush is at most; 0: never any. */
  readonly busyFlushMs: number;
};

/**
 * A send to a socket costs the same whatever it carries, so a server that is busy sending does more by sending less
 * often. After each flush the next one rests for half as long as that one took: sending takes two thirds of the time at
 * most, and what is published meanwhile leaves together. A server that has time never rests.
 */
export class FlushPace {
  readonly #options: FlushOptions;
  readonly #time: FlushTime;
  /** Nothing is sent before this. */
  #restsUntil = 0;
  /** Of the last flush that was timed. */
  #costMs = 0;
  #untimed = 0;
  #isTiming = false;
  /** Asked for while the one before was being timed. */
  #next: (() => void) | undefined;

  constructor(options: FlushOptions, time: FlushTime = systemTime) {
    this.#options = options;
    this.#time = time;
  }

  /** Runs `flush` once, when it is time. Not to be called again before it has begun to run. */
  schedule(flush: () => void): void {
    const { flushIntervalMs, busyFlushMs } = this.#options;
    if (flushIntervalMs > 0) {
      this.#time.after(flushIntervalMs, flush);
      return;
    }
    if (busyFlushMs === 0) {
      this.#time.soon(flush);
      return;
    }
    if (this.#isTiming) this.#next = flush;
    else this.#scheduleRested(flush);
  }

  #scheduleRested(flush: () => void): void {
    const run = () => this.#run(flush);
    const restMs = this.#restsUntil === 0 ? 0 : this.#restsUntil - this.#time.now();
    if (restMs < leastRestMs) this.#time.soon(run);
    else this.#time.after(restMs, () => this.#time.soon(run)); // so that what is timed is always the same part of a turn
  }

  #run(flush: () => void): void {
    if (this.#costMs < leastRestMs && ++this.#untimed < cheapOnesUntimed) {
      flush();
      return;
    }
    this.#untimed = 0;
    this.#isTiming = true;
    const startedAt = this.#time.now();
    this.#time.soon(() => this.#rest(startedAt)); // the library sends before the next time around
    flush();
  }

  #rest(startedAt: number): void {
    const now = this.#time.now();
    this.#costMs = now - startedAt;
    this.#restsUntil =
      this.#costMs < leastRestMs ? 0 : now + Math.min(this.#costMs * restShare, this.#options.busyFlushMs);
    this.#isTiming = false;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#scheduleRested(next);
  }
}

const restShare = 0.5;
const leastRestMs = 1; // timers know no less
const cheapOnesUntimed = 16; // timing costs a turn of the loop

const systemTime: FlushTime = {
  now: () => performance.now(),
  soon: (run) => void setImmediate(run),
  after: (delayMs, run) => void setTimeout(run, delayMs),
};
