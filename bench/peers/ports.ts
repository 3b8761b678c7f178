/** Ports of this machine. */

import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** Throws for what is no TCP address. */
export function portOf(address: AddressInfo | string | null): number {
  if (address !== null && typeof address === 'object') return address.port;
  throw new Error(`not a TCP address: ${address}`);
}

/** Free a moment ago, for programs that can't choose one by themselves and say which. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

export async function connectTo(port: number): Promise<Socket> {
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Resolves once someone listens there; throws when nobody does in time. */
export async function listening(port: number, withinMs = 10_000): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      (await connectTo(port)).destroy();
      return;
    } catch (cause) {
      if (performance.now() > until) throw new Error(`nobody listens on port ${port}`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
