/** One peer, served and subscribed to, ready for one run after another. */

import { merged } from '../load/histogram.ts';
import type { Percentiles } from '../load/report.ts';
import { startChild } from '../support/child.ts';
import { catalog } from './catalog/index.ts';
import { cpuSecOf, rssBytesOf } from './cpu.ts';
import type { Drive, Driven } from './drive.ts';
import type { Settled } from './load-protocol.ts';
import type { PeerName } from './peer.ts';
import type { Publishing, Served } from './source-protocol.ts';

/** A peer and how it is used. */
export type SideSpec = {
  readonly id: string;
  readonly title: string;
  readonly peer: PeerName;
  readonly flushIntervalMs?: number;
  readonly isSilent?: boolean;
};

/** What one run measured. */
export type Run = {
  readonly published: number;
  readonly deliveries: number;
  /** What `deliveries` would be if nothing were lost. */
  readonly expected: number;
  readonly closed: number;
  /** From the first publication to the last message that was read. */
  readonly seconds: number;
  readonly cpuSec: { readonly server: number; readonly publisher: number; readonly clients: number };
  readonly serverRssBytes: number;
  readonly latencyMs: Percentiles | undefined;
};

export type Side = {
  readonly spec: SideSpec;
  run(drive: Drive): Promise<Run>;
  close(): Promise<void>;
};

const cores = { server: 0, clients: 1 } as const;

/** Whoever opens a side must close it. */
export async function openSide(spec: SideSpec, subscribers: number): Promise<Side> {
  const { peer, flushIntervalMs, isSilent = false } = spec;
  const isLibrary = catalog[peer].kind === 'library';
  const server = startChild('source', import.meta.url, { core: cores.server });
  const publisher = isLibrary ? server : startChild('source', import.meta.url);
  const load = startChild('load', import.meta.url, { core: cores.clients });
  const close = async () => {
    await server.ask({ ask: 'close' });
    for (const child of [load, publisher, server]) await child.stop();
  };
  try {
    const { pid, ports } = await server.ask<Served>({ ask: 'serve', peer, options: { flushIntervalMs } });
    const { creditPort } = await publisher.ask<Publishing>({ ask: 'connect', peer, ports });
    await load.ask({ ask: 'join', peer, port: ports.subscribers, creditPort, subscribers, isSilent });
    const pids = { server: pid, clients: load.pid, ...(isLibrary ? {} : { publisher: publisher.pid }) };
    return { spec, run, close };

    async function run(drive: Drive): Promise<Run> {
      await load.ask({ ask: 'begin', payloadBytes: drive.payloadBytes });
      const before = used(pids);
      const { published, startedMicros } = await publisher.ask<Driven>({ ask: 'drive', drive });
      const settled = await load.ask<Settled>({ ask: 'settle', published });
      const after = used(pids);
      return {
        published,
        deliveries: settled.deliveries,
        expected: published * subscribers,
        closed: settled.closed,
        seconds: (settled.lastMicros - startedMicros) / 1e6,
        cpuSec: {
          server: after.server - before.server,
          publisher: after.publisher - before.publisher,
          clients: after.clients - before.clients,
        },
        serverRssBytes: rssBytesOf(pid),
        latencyMs: merged([settled.latencies]).ms,
      };
    }
  } catch (error) {
    await close();
    throw error;
  }
}

function used({ server, clients, publisher }: { server: number; clients: number; publisher?: number }): Run['cpuSec'] {
  return {
    server: cpuSecOf(server),
    clients: cpuSecOf(clients),
    publisher: publisher === undefined ? 0 : cpuSecOf(publisher),
  };
}
