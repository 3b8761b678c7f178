import type { Micros } from '../../src/feed/index.ts';

export type ScheduleOptions = { speed: number | 'asap'; maxGapMs?: number | undefined };

/** When each row of a recording is due. All is reckoned from one base, so being late once delays nothing after it. */
export class Schedule {
  readonly #speed: number | 'asap';
  readonly #maxGap: Micros;
  /** The time now at which the recording's own time is `#recorded`. */
  #base: Micros;
  #recorded: Micros | undefined;
  #latest: Micros;

  /** The first row is due at `start`. */
  constructor({ speed, maxGapMs = Number.POSITIVE_INFINITY }: ScheduleOptions, start: Micros) {
    this.#speed = speed;
    this.#maxGap = maxGapMs * 1000;
    this.#base = start;
    this.#latest = start;
  }

  /** When a row recorded at `ts` and read `now` is due. */
  dueAt(ts: Micros, now: Micros): Micros {
    this.#recorded ??= ts;
    const due = this.#speed === 'asap' ? Math.max(now, this.#base) : this.#spaced(ts, this.#recorded, this.#speed);
    this.#latest = Math.max(this.#latest, due);
    return Math.round(due);
  }

  /** Begins another round: its first row is due `pauseMs` after the latest of this one, or now if that has gone by. */
  restart(pauseMs: number, now: Micros): void {
    this.#base = Math.max(this.#latest + pauseMs * 1000, now);
    this.#latest = this.#base;
    this.#recorded = undefined;
  }

  #spaced(ts: Micros, recorded: Micros, speed: number): Micros {
    const due = this.#base + (ts - recorded) / speed;
    const tooLong = Math.max(0, due - this.#latest - this.#maxGap);
    this.#base -= tooLong;
    return due - tooLong;
  }
}
