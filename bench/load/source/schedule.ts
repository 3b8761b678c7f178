/** Publishes at intended times: what is late leaves as soon as it can and still carries the time at which it was due. */

import type { Stamped } from '../plan.ts';

/** Time and turns, handed in. */
export type Loop = {
  nowMicros(): number;
  /** Runs `run` in a later turn of the event loop, `waitMs` from now or as soon after as it can. Returns the undo. */
  later(waitMs: number, run: () => void): () => void;
};

/** One burst: which topics, by number, and when they were due. */
export type Burst = (topics: readonly number[], dueMicros: number) => void;

/** Topics take turns. One burst a turn of the loop, also when several are late, so that what was asked for stays so. */
export function runSchedule(stamped: Stamped, publish: Burst, loop: Loop): () => void {
  const everyMicros = burstEveryMicros(stamped);
  const beganAt = loop.nowMicros();
  let bursts = 0;
  let cancel = () => {};
  const look = () => {
    const due = beganAt + bursts * everyMicros;
    if (due <= loop.nowMicros()) {
      publish(topicsOf(stamped, bursts), Math.round(due));
      bursts++;
    }
    arm();
  };
  const arm = () => {
    const waitMs = (beganAt + bursts * everyMicros - loop.nowMicros()) / 1000;
    cancel = loop.later(Math.max(0, waitMs), look);
  };
  arm();
  return () => cancel();
}

/** From one burst to the next. */
export function burstEveryMicros({ topics, rate, burst }: Stamped): number {
  return (burst * 1e6) / (topics * rate);
}

function topicsOf({ topics, burst }: Stamped, bursts: number): number[] {
  return Array.from({ length: burst }, (_, i) => (bursts * burst + i) % topics);
}
