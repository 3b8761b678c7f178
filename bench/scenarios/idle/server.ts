/** A server without feeds that tells its resident memory after a collection. */

import { startBenchServer } from '../../support/bench-server.ts';
import { answerParent } from '../../support/child.ts';

const { port, sessions } = await startBenchServer();
const youngBytes = 64 * 2 ** 20; // more than all of the young generation has room for
touchYoungGeneration();

answerParent(async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid: process.pid, port, sessions: sessions.size, rss: process.memoryUsage().rss };
});

/** It is as large for one connection as for a million, but resident only once it was used. */
function touchYoungGeneration(): void {
  let garbage: number[] = [];
  for (let bytes = 0; bytes < youngBytes; bytes += 1024) garbage = Array.from({ length: 128 }, () => bytes);
  void garbage;
}
