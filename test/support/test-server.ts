import { z } from 'zod';
import { type BusOptions, createBus, OwnedTopic } from '../../src/bus/index.ts';
import type { OpenTopic } from '../../src/open-topics.ts';
import { openTopics } from '../../src/open-topics.ts';
import type { TopicKind } from '../../src/protocol/index.ts';
import {
  AppOutlet,
  loadUws,
  openApp,
  ServerCounts,
  type ServerOptions,
  serverDefaults,
  startServer,
} from '../../src/server/index.ts';

export const quote = z.object({ bid: z.number(), ask: z.number() });

/** The real server on a free port, with an origin to publish through and no feeds. */
export async function testServer(
  options: Partial<ServerOptions> = {},
  open: readonly OpenTopic[] = [],
  historyLimitsOf: BusOptions['historyLimitsOf'] = eventsOnly,
) {
  const uws = await loadUws();
  const settings = { ...serverDefaults, port: 0, ...options };
  const app = openApp(uws, settings);
  const outlet = new AppOutlet(app, settings);
  const counts = new ServerCounts();
  const now = () => Date.now() * 1000;
  const { demandLingerMs, historyBytes } = settings;
  const { hub, schemas, origin, demand } = createBus(outlet, { now, historyLimitsOf, historyBytes, demandLingerMs });
  const logged: { level: string; fields: object; message: string }[] = [];
  const record = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const server = await startServer(uws, app, {
    options: settings,
    hub,
    outlet,
    counts,
    demand,
    schemas,
    publish: openTopics(open, origin, now),
    log: { debug: () => {}, info: record('info'), warn: record('warn'), error: record('error') },
    now,
    name: 'tickwire/test',
  });
  const s = settings.tlsCertFile === undefined ? '' : 's';
  return {
    hub,
    origin,
    server,
    counts,
    logged,
    port: server.port,
    http: `http${s}://127.0.0.1:${server.port}`,
    ws: `ws${s}://127.0.0.1:${server.port}/ws`,
    /** A topic of the test's own, opened at once. */
    topic(name: string, kind: TopicKind = 'latest', schema: z.ZodType = quote): OwnedTopic {
      const topic = origin.topic(name, 'the test', { kind, schema, checkEvery: 1 });
      if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
      return topic;
    },
    stop: () => server.stop(),
  };
}

/** What the configuration says by default. */
export function eventsOnly({ kind }: { kind: TopicKind }) {
  return kind === 'event' ? { maxCount: 1000, maxBytes: 131_072, maxAgeMs: 600_000 } : undefined;
}

export type TestServer = Awaited<ReturnType<typeof testServer>>;
