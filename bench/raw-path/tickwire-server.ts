/** The whole way of a publication: origin, hub, stream, sessions. */

import { z } from 'zod';
import { startBenchServer } from '../support/bench-server.ts';
import { answerParent } from '../support/child.ts';
import { publishPaced } from './pace.ts';

const server = await startBenchServer({ heartbeatMs: 600_000, timeoutMs: 900_000 }); // bytes are counted, so nothing else is said
const topic = server.latestTopic('bench.raw', z.object({ body: z.string() }));
const data = { body: 'x'.repeat(128) };

answerParent((request: { start?: true; perTurn?: number; turns?: number }) => {
  if (request.start) return { port: server.port };
  return publishPaced(request.perTurn ?? 1, request.turns ?? 1, () => topic.publish(data, { ts: Date.now() * 1000 }));
});
