/** The `ws` library: the same buffer sent to each socket. */

import { once } from 'node:events';
import type { Library } from '../peer.ts';
import { portOf } from '../ports.ts';
import { StrideReader } from '../stride-reader.ts';
import { packageVersion } from '../versions.ts';

export const ws: Library = {
  name: 'ws',
  title: 'ws',
  kind: 'library',
  offers: 'is plain JavaScript that runs wherever Node does; topics are the program’s own to keep.',
  version: () => packageVersion('ws'),
  joining: { path: '/', hello: [] },
  reader: (payloadBytes) => new StrideReader({ recordBytes: payloadBytes, stampAt: 0 }),
  async serve() {
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
    await once(server, 'listening');
    return {
      port: portOf(server.address()),
      publish(payloads) {
        for (const payload of payloads) {
          const bytes = Buffer.from(payload);
          for (const socket of server.clients) socket.send(bytes);
        }
      },
    };
  },
};
