export type BackoffOptions = { minDelayMs: number; maxDelayMs: number };

/**
 * How long to wait after `failures` tries in a row that came to nothing (0: a good connection was lost).
 * Full jitter over a ceiling that doubles: clients cut off together do not come back together.
 */
export function backoffDelayMs(failures: number, options: BackoffOptions, random: () => number = Math.random): number {
  const { minDelayMs, maxDelayMs } = options;
  const ceilingMs = Math.min(maxDelayMs, minDelayMs * 2 ** (failures + 1));
  return minDelayMs + random() * (ceilingMs - minDelayMs);
}
