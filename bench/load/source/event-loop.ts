/** The loop of this process, by the clock that all processes of this machine share. */

import { sharedMicros } from '../../support/shared-clock.ts';
import type { Loop } from './schedule.ts';

/** Costs nothing while it waits, and is late by up to a millisecond, as timers of Node are. */
export const restingLoop: Loop = {
  nowMicros: sharedMicros,
  later: (waitMs, run) => (waitMs > 0 ? afterTimer(waitMs, run) : soon(run)),
};

/** On time, for the price of turning round all through the last millisecond. */
export const eagerLoop: Loop = {
  nowMicros: sharedMicros,
  later: (waitMs, run) => (waitMs >= 2 ? afterTimer(waitMs - 1, run) : soon(run)),
};

function afterTimer(waitMs: number, run: () => void): () => void {
  const timer = setTimeout(run, waitMs);
  return () => clearTimeout(timer);
}

/** A timer would make it a millisecond. */
function soon(run: () => void): () => void {
  const immediate = setImmediate(run);
  return () => clearImmediate(immediate);
}
