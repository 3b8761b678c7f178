/** Socket.IO over WebSocket alone: one event to a room. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Library, topicName } from '../peer.ts';
import { portOf } from '../ports.ts';
import { StrideReader } from '../stride-reader.ts';
import { packageVersion } from '../versions.ts';

const event = 'm';
const before = `42["${event}","`; // Engine.IO's message, Socket.IO's event
const after = '"]';
const hour = 3_600_000;

export const socketIo: Library = {
  name: 'socket.io',
  title: 'Socket.IO',
  kind: 'library',
  offers: 'falls back to HTTP, knows acknowledgements and namespaces, and has adapters for many servers.',
  version: () => packageVersion('socket.io'),
  joining: {
    path: '/socket.io/?EIO=4&transport=websocket',
    isText: true,
    hello: [Buffer.from('40')],
    isJoined: (message) => message.toString('latin1', 0, 2) === '40',
  },
  reader: (payloadBytes) =>
    new StrideReader({ recordBytes: before.length + payloadBytes + after.length, stampAt: before.length }),
  async serve() {
    const { Server } = await import('socket.io');
    const http = createServer();
    const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, pingInterval: hour });
    io.on('connection', (socket) => void socket.join(topicName));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return {
      port: portOf(http.address()),
      publish(payloads) {
        for (const payload of payloads) io.to(topicName).emit(event, payload);
      },
    };
  },
};
