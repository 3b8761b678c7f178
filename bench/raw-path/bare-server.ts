/** The measure: nothing but uWebSockets.js, publishing each message on one native topic. */

import { loadUws } from '../../src/server/index.ts';
import { answerParent } from '../support/child.ts';
import { publishPaced } from './pace.ts';

/** As often as Tickwire asks a client that always answers at once, some at a time. */
const pingEveryMs = 4000;
const someEveryMs = 40;

const uws = await loadUws();
const payload = Buffer.alloc(128, 'x');
const sockets: { ping(): unknown }[] = [];
let pinged = 0;
const app = uws.App();
app.ws('/ws', {
  maxBackpressure: 64 * 1024 * 1024,
  idleTimeout: 0,
  open: (socket) => {
    socket.subscribe('topic');
    sockets.push(socket);
  },
});

answerParent((request: { start?: true; pings?: boolean; perTurn?: number; turns?: number }) => {
  if (request.start) {
    if (request.pings) setInterval(pingSome, someEveryMs);
    return new Promise((resolve) => {
      app.listen('127.0.0.1', 0, (socket) => resolve({ port: socket ? uws.us_socket_local_port(socket) : 0 }));
    });
  }
  return publishPaced(request.perTurn ?? 1, request.turns ?? 1, () => void app.publish('topic', payload, true));
});

function pingSome(): void {
  for (let left = Math.ceil((sockets.length * someEveryMs) / pingEveryMs); left > 0; left--) {
    sockets[pinged++ % sockets.length]?.ping();
  }
}
