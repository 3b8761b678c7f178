/** The measure: nothing but uWebSockets.js, publishing each message on one native topic. */

import { loadUws } from '../../src/server/index.ts';
import { answerParent } from '../support/child.ts';
import { publishPaced } from './pace.ts';

const uws = await loadUws();
const payload = Buffer.alloc(128, 'x');
const app = uws.App();
app.ws('/ws', { maxBackpressure: 64 * 1024 * 1024, idleTimeout: 0, open: (socket) => void socket.subscribe('topic') });

answerParent((request: { start?: true; perTurn?: number; turns?: number }) => {
  if (request.start) {
    return new Promise((resolve) => {
      app.listen('127.0.0.1', 0, (socket) => resolve({ port: socket ? uws.us_socket_local_port(socket) : 0 }));
    });
  }
  return publishPaced(request.perTurn ?? 1, request.turns ?? 1, () => void app.publish('topic', payload, true));
});
