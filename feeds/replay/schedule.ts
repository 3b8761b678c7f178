import type { Micros } from '../../src/feed/index.ts';

export type ScheduleOptions = { speed: number | 'asap'; maxGapMs?: number | undefined };

/** When each row of a recording is due. All is reckoned from one base, so being late once delays nothing after it. */
export class Schedule {
  readonly #speed: number | 'asap';
  readonly #maxGap: Micros;
  /** The time at which the recording's own time was `#recorded`. */
  #wall: Micros;
  #recorded: Micros | undefined;
  #latest: Micros;

  /** The first row is due at `start`. */
  constructor({ speed, maxGapMs = Number.POSITIVE_INFINITY }: ScheduleOptions, start: Micros) {
    this.#speed = speed;
    this.#maxGap = maxGapMs * 1000;
    this.#wall = start;
    this.#latest = start;
  }

  /** When the first row of this round is due. */
  get start(): Micros {
    return this.#wall;
  }

  /** When a row recorded at `ts` is due. */
  dueAt(ts: Micros): Micros {
    this.#recorded ??= ts;
    if (this.#speed === 'asap') return this.#latest;
    let due = this.#wall + (ts - this.#recorded) / this.#speed;
    const tooLong = due - this.#latest - this.#maxGap;
    if (tooLong > 0) {
      this.#wall -= tooLong;
      due -= tooLong;
    }
    this.#latest = Math.max(this.#latest, due);
    return Math.round(due);
  }

  /** Begins another round: its first row is due `pauseMs` after the latest of this one, or at `now` if that has gone by. */
  restart(pauseMs: number, now: Micros): void {
    const end = this.#speed === 'asap' ? now : this.#latest;
    this.#wall = Math.max(end + pauseMs * 1000, now);
    this.#latest = this.#wall;
    this.#recorded = undefined;
  }
}
