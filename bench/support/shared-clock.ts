/** Microseconds of the machine's monotonic clock: the same in all processes of one machine, and never set. */
export function sharedMicros(): number {
  return Math.round(beganAt + performance.now() * 1000);
}

const beganAt = Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000;
