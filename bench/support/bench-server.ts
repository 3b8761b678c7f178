/** The real server on a free port, with no feeds: benchmarks publish by themselves. */

import type { z } from 'zod';
import { createBus, OwnedTopic } from '../../src/bus/index.ts';
import {
  AppOutlet,
  loadUws,
  openApp,
  ServerCounts,
  type ServerOptions,
  serverDefaults,
  startServer,
} from '../../src/server/index.ts';

const silent = () => {};

export async function startBenchServer(options: Partial<ServerOptions> = {}) {
  const settings = { ...serverDefaults, port: 0, ...options };
  const uws = await loadUws();
  const app = openApp(uws, settings);
  const outlet = new AppOutlet(app, settings);
  const counts = new ServerCounts();
  const now = () => Date.now() * 1000;
  const { historyBytes, demandLingerMs } = settings;
  const bus = createBus(outlet, { now, historyLimitsOf: () => undefined, historyBytes, demandLingerMs });
  const { hub, origin, schemas, demand } = bus;
  const { port, sessions } = await startServer(uws, app, {
    options: settings,
    hub,
    outlet,
    counts,
    demand,
    schemas,
    publish: () => ({ refused: 'forbidden', message: 'benchmarks publish by themselves' }),
    log: { debug: silent, info: silent, warn: silent, error: console.error },
    now,
    name: 'bench',
  });
  return {
    port,
    sessions,
    counts: hub.counts,
    /** Checked as seldom as those of built-in feeds. */
    latestTopic(name: string, schema: z.ZodType): OwnedTopic {
      const topic = origin.topic(name, 'the benchmark', { kind: 'latest', schema, checkEvery: 100 });
      if (topic instanceof OwnedTopic) return topic;
      throw new Error(topic.message);
    },
  };
}
