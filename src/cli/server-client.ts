import { WebSocket } from 'ws';
import { type Client, connect } from '../client/index.ts';
import { CliError } from './exit.ts';
import { unreachable } from './server-address.ts';
import { showAge } from './show.ts';

export type ServerClient = {
  readonly client: Client;
  /** Rejects when the server was never reached, or will not be again. Never resolves. */
  readonly failed: Promise<never>;
};

/** A person waits at the other end: the first try decides. Once connected, a lost connection is tried again for good. */
export function connectToServer(address: string, say: (message: string) => void): ServerClient {
  const client = connect(address, { WebSocket }); // Node's own does not say why a server can't be reached
  const failed = new Promise<never>((_, reject) => {
    let past: 'never connected' | 'connected' | 'lost' = 'never connected';
    client.on('draining', ({ slotMs }) => say(`server is leaving: moving in ${showAge(slotMs)}`));
    client.on('state', (state) => {
      if (state.name === 'open') {
        if (past === 'connected') say(`moved to the next server at ${address}`);
        if (past === 'lost') say(`connected again to ${address}`);
        past = 'connected';
      }
      if (state.name !== 'waiting') return;
      if (past === 'never connected') reject(unreachable(address, state.reason || 'no answer'));
      else say(`connection lost (${state.reason || state.code}), trying again`);
      if (past === 'connected') past = 'lost';
    });
    client.on('givenUp', ({ reason, code }) =>
      reject(new CliError('failed', `${address}: ${reason || `closed (${code})`}`)),
    );
  });
  failed.catch(() => {}); // a command that ends for another reason does not wait for it
  return { client, failed };
}
