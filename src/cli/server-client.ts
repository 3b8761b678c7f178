import { WebSocket } from 'ws';
import { type Client, connect } from '../client/index.ts';
import { CliError } from './exit.ts';
import { unreachable } from './server-address.ts';

export type ServerClient = {
  readonly client: Client;
  /** Rejects when the server was never reached, or will not be again. Never resolves. */
  readonly failed: Promise<never>;
};

/** A person waits at the other end: the first try decides. Once connected, a lost connection is tried again for good. */
export function connectToServer(address: string, say: (message: string) => void): ServerClient {
  const client = connect(address, { WebSocket }); // Node's own does not say why a server can't be reached
  const failed = new Promise<never>((_, reject) => {
    let wasOpen = false;
    client.on('state', (state) => {
      if (state.name === 'open') {
        if (wasOpen) say(`connected again to ${address}`);
        wasOpen = true;
      }
      if (state.name === 'waiting' && wasOpen) say(`connection lost (${state.reason || state.code}), trying again`);
      if (state.name === 'waiting' && !wasOpen) reject(unreachable(address, state.reason || 'no answer'));
    });
    client.on('givenUp', ({ reason, code }) =>
      reject(new CliError('failed', `${address}: ${reason || `closed (${code})`}`)),
    );
  });
  failed.catch(() => {}); // a command that ends for another reason does not wait for it
  return { client, failed };
}
