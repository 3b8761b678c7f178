/** A server without feeds that tells its resident memory after a collection. */

import { startBenchServer } from '../../support/bench-server.ts';
import { answerParent } from '../../support/child.ts';

const { port, sessions } = await startBenchServer();

answerParent(async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid: process.pid, port, sessions: sessions.size, rss: process.memoryUsage().rss };
});
