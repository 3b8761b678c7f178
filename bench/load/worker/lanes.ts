/** Opens many connections: so many at once, spread over the time of the ramp. */

const mostAtOnce = 256; // fewer than wait in a server's queue of connections, where more would be dropped and come late

/** Resolves when each was tried. The k-th of n is begun not before k/n of the ramp. */
export async function inLanes<T>(items: readonly T[], rampSec: number, run: (item: T) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      const waitMs = startedAt + ((i * rampSec) / items.length) * 1000 - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      await run(items[i] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, lane));
}
