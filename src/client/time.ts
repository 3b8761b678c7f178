/** The little of time that the SDK needs; tests hand in their own. */
export type Time = {
  /** Milliseconds since 1970; may be set back or forward under our feet. */
  now(): number;
  /** Milliseconds since some moment; only ever goes forward. */
  elapsed(): number;
  after(delayMs: number, run: () => void): CancelTimer;
};
export type CancelTimer = () => void;

export const realTime: Time = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
