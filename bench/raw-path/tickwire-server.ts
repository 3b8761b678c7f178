/** The whole way of a publication: origin, hub, stream, sessions. */

import { z } from 'zod';
import { Hub, Origin, OwnedTopic, SchemaRegistry } from '../../src/bus/index.ts';
import { loadUws, outletOf, serverDefaults, startServer } from '../../src/server/index.ts';
import { answerParent } from '../support/child.ts';
import { publishPaced } from './pace.ts';

const uws = await loadUws();
const app = uws.App();
const hub = new Hub(outletOf(app, 0));
const schemas = new SchemaRegistry();
const origin = new Origin(hub, schemas);
const topic = origin.topic('bench.raw', 'the benchmark', {
  kind: 'latest',
  schema: z.object({ body: z.string() }),
  checkEvery: 100, // as for built-in feeds
});
if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
const data = { body: 'x'.repeat(128) };
const silent = () => {};

answerParent(async (request: { start?: true; perTurn?: number; turns?: number }) => {
  if (request.start) {
    const options = { ...serverDefaults, port: 0, evictBytes: 64 * 1024 * 1024, timeoutMs: 900_000 };
    const log = { debug: silent, info: silent, warn: silent, error: console.error };
    const publish = () => ({ refused: 'forbidden', message: 'no' }) as const;
    const { port } = await startServer(uws, app, { options, hub, schemas, publish, log, now: () => 0, name: 'bench' });
    return { port };
  }
  return publishPaced(request.perTurn ?? 1, request.turns ?? 1, () => topic.publish(data, { ts: Date.now() * 1000 }));
});
