/** When all that was published has come, or never will. */

import { sum } from '../../support/statistics.ts';
import type { Settled } from '../worker/worker-protocol.ts';
import type { LoadProcesses } from './load-processes.ts';

const lookEveryMs = 100;
const quietLooks = 4; // a server that rests between flushes, and one that is told by a timer, speak more often than that
const patienceMs = 10_000;

/** Resolves when nothing came for a while, or patience is over: what is missing then counts as lost. */
export async function settle(processes: LoadProcesses): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let quiet = 0;
  let before = -1;
  while (quiet < quietLooks && performance.now() < deadline) {
    const bytes = sum(await processes.each<Settled>({ ask: 'settle' }), (settled) => settled.bytes);
    quiet = bytes === before ? quiet + 1 : 0;
    before = bytes;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
