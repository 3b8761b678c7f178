/** The loop of this process, by the clock that all processes of this machine share. */

import { sharedMicros } from '../support/shared-clock.ts';
import type { Loop } from './schedule.ts';

export const eventLoop: Loop = {
  nowMicros: sharedMicros,
  later(waitMs, run) {
    if (waitMs <= 0) {
      const soon = setImmediate(run); // a timer would make it a millisecond
      return () => clearImmediate(soon);
    }
    const timer = setTimeout(run, waitMs);
    return () => clearTimeout(timer);
  },
};
