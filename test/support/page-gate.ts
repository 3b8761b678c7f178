/** The built page behind a WebSocket that a test answers itself: what no real server can be made to say at will. */

import { type WebSocket, WebSocketServer } from 'ws';
import { FakeConnection } from './fake-server.ts';
import { staticSite } from './static-site.ts';

export type PageGate = { readonly url: string; close(): Promise<void> };

/** `answer` is handed every connection; it has said nothing yet. */
export async function openPageGate(
  folder: string,
  answer: (connection: FakeConnection) => Promise<void>,
): Promise<PageGate> {
  const site = await staticSite(folder);
  const sockets = new WebSocketServer({ server: site.server });
  sockets.on('connection', (socket: WebSocket, { url = '' }) => {
    answer(new FakeConnection(socket, url)).catch(() => socket.terminate());
  });
  return {
    url: site.url,
    close() {
      for (const client of sockets.clients) client.terminate();
      return site.close();
    },
  };
}
