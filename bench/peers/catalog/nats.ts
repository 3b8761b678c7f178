/** NATS server: subscribers over WebSocket, the publisher over TCP. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Broker, topicName } from '../peer.ts';
import { connectTo } from '../ports.ts';
import { StrideReader } from '../stride-reader.ts';
import { programVersion } from '../versions.ts';

const path = '/usr/sbin/nats-server';
const connect = Buffer.from('CONNECT {"verbose":false,"pedantic":false}\r\n');

export const nats: Broker = {
  name: 'nats',
  title: 'NATS server',
  kind: 'broker',
  offers: 'clusters, and keeps streams on disk and in replicas (JetStream, not in use here).',
  program: { path, packages: ['nats-server'] },
  version: () => programVersion(path, '--version'),
  joining: {
    path: '/',
    hello: [connect, Buffer.from(`SUB ${topicName} 1\r\n`)],
    isJoined: (message) => message.includes('PING\r\n'), // asked once some seconds after CONNECT, then every hour
  },
  reader(payloadBytes) {
    const head = `MSG ${topicName} 1 ${payloadBytes}\r\n`.length;
    return new StrideReader({ recordBytes: head + payloadBytes + '\r\n'.length, stampAt: head });
  },
  async configure(folder, { publishers, subscribers }) {
    const file = join(folder, 'nats.conf');
    const lines = [
      'host: 127.0.0.1',
      `port: ${publishers}`,
      `websocket { host: 127.0.0.1, port: ${subscribers}, no_tls: true }`,
      'ping_interval: "1h"',
    ];
    await writeFile(file, lines.join('\n'));
    return ['-c', file];
  },
  async connect({ publishers }) {
    const socket = await connectTo(publishers);
    socket.on('data', (said: Buffer) => {
      if (said.includes('PING\r\n')) socket.write('PONG\r\n');
    });
    socket.write(connect);
    return (payloads) => {
      socket.write(payloads.map((payload) => `PUB ${topicName} ${payload.length}\r\n${payload}\r\n`).join(''));
    };
  },
};
