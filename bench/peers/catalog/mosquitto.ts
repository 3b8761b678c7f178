/** mosquitto: subscribers speak MQTT over WebSocket, the publisher over TCP, all with QoS 0. */

import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Broker, topicName } from '../peer.ts';
import { connectTo } from '../ports.ts';
import { StrideReader } from '../stride-reader.ts';
import { programVersion } from '../versions.ts';

const path = '/usr/sbin/mosquitto';
/** First bytes of MQTT 3.1.1 packets. */
const packets = { connect: 0x10, publish: 0x30, subscribe: 0x82, subscribed: 0x90 } as const;

export const mosquitto: Broker = {
  name: 'mosquitto',
  title: 'mosquitto',
  kind: 'broker',
  offers: 'offers QoS 1 and 2, retained messages and wills, and keeps sessions on disk where asked (not in use here).',
  program: { path, packages: ['mosquitto'] },
  version: () => programVersion(path, '-h'),
  joining: {
    path: '/mqtt',
    headers: { 'Sec-WebSocket-Protocol': 'mqtt' },
    hello: [connectPacket(), packet(packets.subscribe, Buffer.from([0, 1]), text(topicName), Buffer.from([0]))],
    isJoined: (message) => message[0] === packets.subscribed,
  },
  reader(payloadBytes) {
    const recordBytes = publishPacket('x'.repeat(payloadBytes)).length;
    return new StrideReader({ recordBytes, stampAt: recordBytes - payloadBytes });
  },
  async configure(folder, { publishers, subscribers }) {
    const file = join(folder, 'mosquitto.conf');
    const lines = [
      'per_listener_settings false',
      'allow_anonymous true',
      'persistence false',
      'log_type error',
      'set_tcp_nodelay true',
      'max_queued_messages 0', // no limit: otherwise it drops what does not fit into a thousand
      `user ${userInfo().username}`,
      `listener ${publishers} 127.0.0.1`,
      `listener ${subscribers} 127.0.0.1`,
      'protocol websockets',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    return ['-c', file];
  },
  async connect({ publishers }) {
    const socket = await connectTo(publishers);
    socket.resume();
    socket.write(connectPacket());
    return (payloads) => void socket.write(Buffer.concat(payloads.map(publishPacket)));
  },
};

/** A session of this connection alone, of no name, with no keep-alive. */
function connectPacket(): Buffer {
  const level = 4;
  const cleanSession = 2;
  return packet(packets.connect, text('MQTT'), Buffer.from([level, cleanSession, 0, 0]), text(''));
}

function publishPacket(payload: string): Buffer {
  return packet(packets.publish, text(topicName), Buffer.from(payload, 'latin1'));
}

function packet(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first, ...remainingLength(body.length)]), body]);
}

/** Seven bits a byte, the lowest first (MQTT 3.1.1 section 2.2.3). */
function remainingLength(length: number): number[] {
  return length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...remainingLength(length >> 7)];
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
