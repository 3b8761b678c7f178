/** A server without feeds that tells its resident memory after a collection. */

import { Hub, SchemaRegistry } from '../../src/bus/index.ts';
import { loadUws, serverDefaults, startServer } from '../../src/server/index.ts';
import { answerParent } from '../support/child.ts';

const uws = await loadUws();
const app = uws.App();
const hub = new Hub({ publish: () => {}, schedule: () => {} });
const silent = () => {};
const { port, sessions } = await startServer(uws, app, {
  options: { ...serverDefaults, port: 0 },
  hub,
  schemas: new SchemaRegistry(),
  publish: () => ({ refused: 'forbidden', message: 'no' }),
  log: { debug: silent, info: silent, warn: silent, error: console.error },
  now: () => Date.now() * 1000,
  name: 'bench',
});

answerParent(async () => {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { port, sessions: sessions.size, rss: process.memoryUsage().rss };
});
