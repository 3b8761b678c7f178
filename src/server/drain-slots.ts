/** When each client is asked to leave. */

import type { ServerOptions } from './options.ts';

export const graceMs = 1200; // from a client's moment until it is closed: to open its next connection and say goodbye

/**
 * Milliseconds from now, one for each client, in rising order: `drainPerSec` of them in a second, or as many as it takes
 * for the last one to be gone within `drainMs`.
 */
export function drainSlots(
  clients: number,
  { drainMs, drainPerSec }: Pick<ServerOptions, 'drainMs' | 'drainPerSec'>,
): number[] {
  const windowMs = Math.max(0, drainMs - graceMs);
  const apartMs = Math.min(1000 / drainPerSec, windowMs / clients);
  return Array.from({ length: clients }, (_, i) => Math.floor(i * apartMs));
}

/** The same in an order of chance (Fisher and Yates), so that nobody is always last. */
export function shuffled<T>(items: Iterable<T>, random: () => number): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}
