import type { Time } from '../../src/client/time.ts';

const wallClockMs = 0.001; // a number that counts from 1970 has no room for less, and waits are told by it

/** Time that passes only when the test says so; what falls due runs in its order. */
export class ManualTime implements Time {
  #ms = 0;
  #timers: { dueAt: number; run: () => void }[] = [];
  /** Milliseconds since 1970 at the beginning. */
  readonly startedAt = 1_767_225_600_000;
  /** How far the wall clock was set forward or back. */
  wallShiftMs = 0;

  now = () => this.startedAt + this.#ms + this.wallShiftMs;
  elapsed = () => this.#ms;

  after = (delayMs: number, run: () => void) => {
    const timer = { dueAt: this.#ms + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get timers(): number {
    return this.#timers.length;
  }

  /** Milliseconds from now to each timer, soonest first. */
  get delays(): number[] {
    return this.#timers.map(({ dueAt }) => dueAt - this.#ms).sort((a, b) => a - b);
  }

  pass(ms: number): void {
    const end = this.#ms + ms;
    for (;;) {
      const next = this.#timers.filter(({ dueAt }) => dueAt <= end + wallClockMs).sort((a, b) => a.dueAt - b.dueAt)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#ms = Math.max(this.#ms, next.dueAt);
      next.run();
    }
    this.#ms = Math.max(this.#ms, end);
  }

  /** The process was held up: timers that fell due meanwhile run late, at once. */
  holdUp(ms: number): void {
    this.#ms += ms;
    this.pass(0);
  }
}
