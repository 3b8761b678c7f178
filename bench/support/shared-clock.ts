/** Microseconds of the machine's monotonic clock: the same in all processes of one machine, and never set. */
export function sharedMicros(): number {
  return Math.round(beganAt + performance.now() * 1000);
}

const readings = 25;

/** A process that loses its core between the two clocks reads the first too early; of several readings the latest is right. */
const beganAt = Math.max(
  ...Array.from({ length: readings }, () => Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000),
);
