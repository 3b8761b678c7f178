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
 * often. Each flush is paid for with one and a half times as long as it took, some of it on credit. Once the credit is
 * used up the next flush rests, so sending takes two thirds of the time at most, and what is published meanwhile leaves
 * together. A server that has time never rests. (The leaky bucket of ITU-T I.371 annex A, the Generic Cell Rate Algorithm.)
 */
export class FlushPace {
  readonly #options: FlushOptions;
  readonly #time: FlushTime;
  /** When all flushes so far are paid for. */
  #paidAt = 0;
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
    const restMs = this.#paidAt - creditMs - this.#time.now();
    if (restMs <= 0) this.#time.soon(run);
    else this.#time.after(restMs, () => this.#time.soon(run)); // so that what is timed is always the same part of a turn
  }

  #run(flush: () => void): void {
    const startedAt = this.#time.now();
    if (this.#costMs < leastTimedMs && ++this.#untimed < cheapOnesUntimed) {
      this.#pay(startedAt, startedAt);
      flush();
      return;
    }
    this.#untimed = 0;
    this.#isTiming = true;
    this.#time.soon(() => this.#timed(startedAt)); // the library sends before the next time around
    flush();
  }

  #timed(startedAt: number): void {
    const now = this.#time.now();
    this.#costMs = now - startedAt;
    this.#pay(startedAt, now);
    this.#isTiming = false;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#scheduleRested(next);
  }

  /** For a flush that costs what the last one did. */
  #pay(startedAt: number, now: number): void {
    const paidAt = Math.max(this.#paidAt, startedAt) + this.#costMs * priceShare;
    this.#paidAt = Math.min(paidAt, now + creditMs + this.#options.busyFlushMs);
  }
}

const priceShare = 1.5; // sending takes two thirds of the time at most
const creditMs = 4; // what a burst may take at once before anything rests
const leastTimedMs = 0.5;
const cheapOnesUntimed = 16; // timing costs a turn of the loop

const systemTime: FlushTime = {
  now: () => performance.now(),
  soon: (run) => void setImmediate(run),
  after: (delayMs, run) => void setTimeout(run, delayMs),
};
