/** Time for tests and fast-forward: it moves only when told to, and then in exact order. */

import type { Clock } from './clock.ts';
import type { Micros } from './define-feed.ts';

export type VirtualClock = Clock & {
  readonly isVirtual: true;
  /**
   * Runs every timer up to and at `to` in order of due time, ties in order of scheduling, each with `now()` at its due
   * time; what a timer set going has settled before the next one runs.
   */
  advanceTo(to: Micros): Promise<void>;
};

export type VirtualClockOptions = {
  /** Real milliseconds that time stands still for work that does not finish; after them it counts as hung. */
  patienceMs?: number;
};

type Timer = { readonly due: Micros; readonly run: () => void };
type Hold = { readonly isBusy: () => boolean; isHung: boolean };

export function createVirtualClock(start: Micros, { patienceMs = 2000 }: VirtualClockOptions = {}): VirtualClock {
  let now = start;
  let isAdvancing = false;
  const timers: Timer[] = []; // soonest last
  const holds = new Set<Hold>();

  const advance = async (to: Micros) => {
    await settle(holds, patienceMs);
    for (let next = timers.at(-1); next !== undefined && next.due <= to; next = timers.at(-1)) {
      timers.pop();
      now = next.due;
      next.run();
      await settle(holds, patienceMs);
    }
    now = to;
  };

  return {
    isVirtual: true,
    now: () => now,
    at(due, run) {
      const timer = { due: Math.max(due, now), run };
      timers.splice(placeOf(timer, timers), 0, timer);
      return () => {
        const i = timers.indexOf(timer);
        if (i >= 0) timers.splice(i, 1);
      };
    },
    holdWhile(isBusy) {
      const hold: Hold = { isBusy, isHung: false };
      holds.add(hold);
      return () => void holds.delete(hold);
    },
    async advanceTo(to) {
      if (to < now) throw new RangeError(`a virtual clock can't go back from ${now} to ${to}`);
      if (isAdvancing) throw new Error('a virtual clock is already being advanced');
      isAdvancing = true;
      try {
        await advance(to);
      } finally {
        isAdvancing = false;
      }
    },
  };
}

/** Before all that are due no later, since the soonest, and of equals the earliest made, stands last. */
function placeOf(timer: Timer, timers: readonly Timer[]): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.due ?? 0) <= timer.due) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function settle(holds: ReadonlySet<Hold>, patienceMs: number): Promise<void> {
  await loopTurn();
  if (!isHeld(holds)) return;
  const limitMs = performance.now() + patienceMs;
  do {
    await loopTurn();
    if (!isHeld(holds)) return;
  } while (performance.now() < limitMs);
  for (const hold of holds) hold.isHung = hold.isBusy();
}

function isHeld(holds: ReadonlySet<Hold>): boolean {
  let isAnyBusy = false;
  for (const hold of holds) {
    const isBusy = hold.isBusy();
    if (!isBusy) hold.isHung = false;
    else if (!hold.isHung) isAnyBusy = true;
  }
  return isAnyBusy;
}

/** All promise callbacks run before it is over, and what the machine has ready. */
function loopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
