/** The processes of the benchmark: the server on one core, everyone who listens on another. */

import { type Child, startChild } from '../support/child.ts';
import type { Flags } from './flags.ts';
import type { HealthyLook, HealthyRequest } from './healthy.ts';
import type { LaggardsLook, LaggardsRequest } from './laggards.ts';
import type { ServerLook, ServerRequest } from './server.ts';

export type House = {
  server(request: ServerRequest): Promise<ServerLook>;
  healthy(request: HealthyRequest): Promise<HealthyLook>;
  laggards(request: LaggardsRequest): Promise<LaggardsLook>;
  stop(): Promise<void>;
};

/** Everyone is connected and subscribed; nothing is published yet. */
export async function openHouse({
  subscribers,
  stalled,
  topics,
  payloadBytes,
  turnsPerSec,
  lagMs,
}: Flags): Promise<House> {
  const children: Record<'server' | 'healthy' | 'laggards', Child> = {
    server: startChild('server', import.meta.url, { core: 0, execArgv: ['--expose-gc', '--max-semi-space-size=2'] }),
    healthy: startChild('healthy', import.meta.url, { core: 1 }),
    laggards: startChild('laggards', import.meta.url, { core: 1 }),
  };
  const house: House = {
    server: (request) => children.server.ask(request),
    healthy: (request) => children.healthy.ask(request),
    laggards: (request) => children.laggards.ask(request),
    async stop() {
      for (const child of [children.laggards, children.healthy, children.server]) await child.stop();
    },
  };
  const { port } = await house.server({ do: 'open', topics, payloadBytes, turnsPerSec, lagMs });
  await house.healthy({ do: 'open', port, count: subscribers - stalled });
  await house.laggards({ do: 'open', port, count: stalled });
  return house;
}
