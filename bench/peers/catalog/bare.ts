/** uWebSockets.js with nothing upon it: each message published by itself on one native topic. */

import { type Library, topicName } from '../peer.ts';
import { StrideReader } from '../stride-reader.ts';
import { packageVersion } from '../versions.ts';

const roomyBytes = 64 * 1024 * 1024; // it loses what is beyond, and nothing is to be lost here

export const bare: Library = {
  name: 'bare',
  title: 'bare uWebSockets.js',
  kind: 'library',
  offers: 'is the library under Tickwire, with no numbers, no recovery and no word about what a slow client lost.',
  version: () => packageVersion('uWebSockets.js'),
  joining: { path: '/ws', hello: [] },
  reader: (payloadBytes) => new StrideReader({ recordBytes: payloadBytes, stampAt: 0 }),
  async serve() {
    const { loadUws } = await import('../../../src/server/index.ts');
    const uws = await loadUws();
    const app = uws.App();
    app.ws('/ws', {
      maxBackpressure: roomyBytes,
      idleTimeout: 0,
      open: (socket) => void socket.subscribe(topicName),
    });
    const port = await new Promise<number>((resolve) => {
      app.listen('127.0.0.1', 0, (socket) => resolve(socket ? uws.us_socket_local_port(socket) : 0));
    });
    return {
      port,
      publish(payloads) {
        for (const payload of payloads) app.publish(topicName, Buffer.from(payload), true);
      },
    };
  },
};
