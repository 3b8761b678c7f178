/** The SDK as a load run uses it: any certificate will do, and a connection that is lost stays so. */

import { WebSocket } from 'ws';
import { type Client, connect } from '../../src/client/index.ts';

/** Resolves once the server has said WELCOME. Rejects when it can't be reached. */
export function openClient(url: string): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = connect(url, { WebSocket: TrustingSocket, maxAttempts: 1 });
    client.on('error', () => {}); // whoever asked is told as well
    client.on('givenUp', ({ code, reason }) => reject(new Error(reason || `closed with ${code}`)));
    client.on('state', ({ name }) => {
      if (name === 'open') resolve(client);
    });
  });
}

class TrustingSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { rejectUnauthorized: false });
  }
}
