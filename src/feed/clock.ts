/** Where time comes from, as one small thing that is handed in: the wall's here, a test's in virtual-clock.ts. */

import type { Micros } from './define-feed.ts';

export type Clock = {
  now(): Micros;
  /** Runs `run` once, at `due` or as soon after it as can be; at once but never within this call when that is past. */
  at(due: Micros, run: () => void): () => void;
  /** True where time moves only when it is told to, so nothing can be late. */
  readonly isVirtual: boolean;
  /** Virtual time stands still while `isBusy` says so. Returns the undo. */
  holdWhile?(isBusy: () => boolean): () => void;
};

/** The little of the machine that a clock needs. */
export type TimeSource = {
  wallMs(): number;
  /** Never set back; finer than the wall's milliseconds. */
  monotonicMs(): number;
  after(delayMs: number, run: () => void): () => void;
};

export const systemClockLimits = {
  wallDriftMs: 50, // the wall was set or slewed away from us: follow it, event times are compared with other machines
  longestWaitMs: 60_000, // a timer looks again this often, so a wall set forward is noticed; far below setTimeout's 2³¹
} as const;

/**
 * Wall time in microseconds, advancing with the monotonic clock between looks at the wall. Timers are absolute, so
 * lateness never adds up. A wall set back delays no timer beyond the wait it asked for.
 */
export function systemClock(source: TimeSource = machineTime): Clock {
  const now = anchored(source);
  return { now, at: (due, run) => wait(source, now, due, run), isVirtual: false };
}

function anchored(source: TimeSource): () => Micros {
  let offsetMs = source.wallMs() - source.monotonicMs();
  return () => {
    const monotonicMs = source.monotonicMs();
    const wallMs = source.wallMs();
    if (Math.abs(offsetMs + monotonicMs - wallMs) > systemClockLimits.wallDriftMs) offsetMs = wallMs - monotonicMs;
    return Math.round((offsetMs + monotonicMs) * 1000);
  };
}

function wait(source: TimeSource, now: () => Micros, due: Micros, run: () => void): () => void {
  const latestMs = source.monotonicMs() + (due - now()) / 1000;
  const leftMs = () => Math.min((due - now()) / 1000, latestMs - source.monotonicMs());
  const arm = () => source.after(Math.min(Math.ceil(leftMs()), systemClockLimits.longestWaitMs), look);
  const look = () => {
    if (leftMs() > 0) cancel = arm();
    else run();
  };
  let cancel = arm();
  return () => cancel();
}

const machineTime: TimeSource = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    if (delayMs <= 0) {
      const soon = setImmediate(run); // setTimeout would make it a millisecond
      return () => clearImmediate(soon);
    }
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
