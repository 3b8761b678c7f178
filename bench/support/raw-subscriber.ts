/** A subscriber that costs its process next to nothing: a TCP socket that has said what it must and counts bytes. */

import { createConnection, type Socket } from 'node:net';

export type RawSubscriber = { readonly socket: Socket; received(): number };

/** Resolves once the server has accepted the upgrade; `hello` are complete client messages to send at once. */
export function openRawSubscriber(port: number, path: string, hello: readonly Uint8Array[]): Promise<RawSubscriber> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    let bytes = 0;
    socket.once('error', reject);
    socket.once('connect', () => socket.write(upgradeRequest(path)));
    socket.once('data', (first) => {
      const end = first.indexOf('\r\n\r\n') + 4;
      if (!first.subarray(0, 12).toString('latin1').includes(' 101')) {
        reject(new Error(`upgrade refused: ${first.toString('latin1').split('\r\n')[0]}`));
        return;
      }
      bytes += first.length - end;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      for (const message of hello) socket.write(maskedFrame(message));
      resolve({ socket, received: () => bytes });
    });
  });
}

function upgradeRequest(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
}

/** One binary client frame (RFC 6455 section 5.2) with a mask of zeros, so that the payload goes as it is. */
export function maskedFrame(payload: Uint8Array, opcode = 0x82): Buffer {
  const { length } = payload;
  const header = length < 126 ? [opcode, 0x80 | length] : [opcode, 0x80 | 126, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}
