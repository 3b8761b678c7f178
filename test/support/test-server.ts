import { z } from 'zod';
import { Hub, Origin, OwnedTopic, SchemaRegistry } from '../../src/bus/index.ts';
import type { OpenTopic } from '../../src/open-topics.ts';
import { openTopics } from '../../src/open-topics.ts';
import type { TopicKind } from '../../src/protocol/index.ts';
import { loadUws, outletOf, type ServerOptions, serverDefaults, startServer } from '../../src/server/index.ts';

export const quote = z.object({ bid: z.number(), ask: z.number() });

/** The real server on a free port, with an origin to publish through and no feeds. */
export async function testServer(options: Partial<ServerOptions> = {}, open: readonly OpenTopic[] = []) {
  const uws = await loadUws();
  const app = uws.App();
  const hub = new Hub(outletOf(app, 0));
  const schemas = new SchemaRegistry();
  const origin = new Origin(hub, schemas);
  const now = () => Date.now() * 1000;
  const logged: { fields: object; message: string }[] = [];
  const record = (fields: object, message: string) => void logged.push({ fields, message });
  const server = await startServer(uws, app, {
    options: { ...serverDefaults, port: 0, ...options },
    hub,
    schemas,
    publish: openTopics(open, origin, now),
    log: { debug: () => {}, info: record, warn: record, error: record },
    now,
    name: 'tickwire/test',
  });
  return {
    hub,
    server,
    logged,
    port: server.port,
    http: `http://127.0.0.1:${server.port}`,
    ws: `ws://127.0.0.1:${server.port}/ws`,
    /** A topic of the test's own, opened at once. */
    topic(name: string, kind: TopicKind = 'latest', schema: z.ZodType = quote): OwnedTopic {
      const topic = origin.topic(name, 'the test', { kind, schema, checkEvery: 1 });
      if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
      return topic;
    },
    stop: () => server.stop(),
  };
}

export type TestServer = Awaited<ReturnType<typeof testServer>>;
