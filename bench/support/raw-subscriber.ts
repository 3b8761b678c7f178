/** A subscriber that costs its process next to nothing: a TCP socket that has said what it must and answers pings. */

import { createConnection, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FrameWalker } from './frame-walker.ts';

export type RawAddress = {
  readonly port: number;
  readonly host?: string;
  readonly path: string;
  /** Of the upgrade request, besides those that it must have. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whoever's certificate it is: a load client trusts all. */
  readonly isTls?: boolean;
  /** What is sent are texts. */
  readonly isText?: boolean;
  readonly isDeflateOffered?: boolean;
};

export type RawSubscriber = {
  readonly socket: Socket;
  /** Payload bytes of all messages so far. */
  received(): number;
  messages(): number;
  /** A whole client message, shorter than 64 KiB. */
  send(message: Uint8Array): void;
  /** Reads so much from now on, a tenth of it every 100 ms; Infinity: as fast as it can; 0: nothing, not even pings. */
  readAtMost(bytesPerSec: number): void;
};

export type RawListener = {
  /** A whole message, valid for the call only. Without it messages are counted and not looked at. */
  message?: ((payload: Buffer, isDeflated: boolean) => void) | undefined;
  /** The connection is gone; 1006 when no close frame came. */
  closed?: ((code: number) => void) | undefined;
};

/** Resolves once the server has accepted the upgrade; `hello` are complete client messages to send at once. */
export function openRawSubscriber(
  address: RawAddress,
  hello: readonly Uint8Array[],
  { message, closed }: RawListener = {},
): Promise<RawSubscriber> {
  return new Promise((resolve, reject) => {
    const valve = new Valve(() => socket);
    let code = 1006;
    const walker = new FrameWalker({
      ping: (payload) => void socket.write(maskedFrame(payload, opcodes.pong)),
      message,
      closed: (said) => {
        code = said;
      },
      isDeflateOffered: address.isDeflateOffered,
    });
    const send = (message: Uint8Array) =>
      void socket.write(maskedFrame(message, address.isText === true ? opcodes.text : opcodes.binary));
    const handshake = new Handshake();
    const begin = (chunk: Buffer) => {
      const rest = handshake.read(chunk);
      if (rest === undefined) return;
      if (rest instanceof Error) {
        reject(rest);
        socket.destroy();
        return;
      }
      socket.setTimeout(0);
      for (const message of hello) send(message);
      resolve({
        socket,
        received: () => walker.messageBytes,
        messages: () => walker.messages,
        send,
        readAtMost: (rate) => valve.set(rate),
      });
      walker.walk(rest);
    };
    const { port, host = '127.0.0.1', isTls = false } = address;
    const options = {
      port,
      host,
      noDelay: true,
      // One buffer for all, read at once: half of the cost of 'data' events.
      onread: {
        buffer: () => valve.buffer(),
        callback(length: number, buffer: Uint8Array) {
          const chunk = (buffer as Buffer).subarray(0, length);
          if (handshake.isDone) walker.walk(chunk);
          else begin(chunk);
          return valve.took(length);
        },
      },
    };
    const socket: Socket = isTls
      ? connectTls({ ...options, rejectUnauthorized: false, servername: isIP(host) === 0 ? host : '' })
      : createConnection(options);
    socket.once(isTls ? 'secureConnect' : 'connect', () => socket.write(upgradeRequest(address)));
    socket.setTimeout(upgradeTimeoutMs, () => socket.destroy(new Error('the upgrade was not answered')));
    socket.once('error', reject);
    socket.on('error', () => {}); // 'close' follows and says it
    socket.once('close', () => {
      reject(new Error('the server closed the connection before the upgrade'));
      valve.set(Number.POSITIVE_INFINITY);
      closed?.(code);
    });
  });
}

/** The server's answer to the upgrade. */
class Handshake {
  isDone = false;
  #text = '';

  /** What came behind it; undefined while there is more of it to come; an error when refused. */
  read(chunk: Buffer): Buffer | Error | undefined {
    const before = this.#text.length;
    this.#text += chunk.toString('latin1');
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const text = this.#text;
    this.#text = '';
    if (!text.startsWith('HTTP/1.1 101')) return new Error(`upgrade refused: ${text.split('\r\n')[0]}`);
    this.isDone = true;
    return chunk.subarray(end + 4 - before);
  }
}

const upgradeTimeoutMs = 30_000; // thousands that come at once may wait for long, and are served in the end
const refillMs = 100;
const shared = Buffer.allocUnsafeSlow(64 * 1024);

/** How fast a socket is read. */
class Valve {
  readonly #socketOf: () => Socket;
  #bytesPerSec = Number.POSITIVE_INFINITY;
  /** May be read now; below 0 after a read that was larger. */
  #allowed = Number.POSITIVE_INFINITY;
  #refill: NodeJS.Timeout | undefined;

  constructor(socketOf: () => Socket) {
    this.#socketOf = socketOf;
  }

  set(bytesPerSec: number): void {
    this.#bytesPerSec = bytesPerSec;
    this.#allowed = Number.isFinite(bytesPerSec) ? 0 : bytesPerSec;
    clearInterval(this.#refill);
    if (this.#allowed > 0) {
      this.#socketOf().resume();
      return;
    }
    this.#socketOf().pause();
    if (bytesPerSec > 0) this.#refill = setInterval(() => this.#pour(), refillMs);
  }

  /** Where the next read goes; the kernel keeps what has no room. */
  buffer(): Buffer {
    if (this.#bytesPerSec === Number.POSITIVE_INFINITY) return shared;
    return shared.subarray(0, Math.max(1, Math.min(shared.length, this.#portion())));
  }

  /** False when no more may be read for now. */
  took(bytes: number): boolean {
    this.#allowed -= bytes;
    return this.#allowed > 0;
  }

  #pour(): void {
    this.#allowed = Math.min(this.#portion(), this.#allowed + this.#portion());
    if (this.#allowed > 0) this.#socketOf().resume();
  }

  #portion(): number {
    return Math.round((this.#bytesPerSec * refillMs) / 1000);
  }
}

function upgradeRequest({
  host = '127.0.0.1',
  port,
  path,
  headers = {},
  isDeflateOffered = false,
}: RawAddress): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host.includes(':') ? `[${host}]` : host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...(isDeflateOffered ? [`Sec-WebSocket-Extensions: ${deflateOffer}`] : []),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');
}

const opcodes = { text: 0x81, binary: 0x82, pong: 0x8a } as const; // with FIN
/** Each message by itself: no memory of those before is kept for it. */
const deflateOffer = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

/** One client frame (RFC 6455 section 5.2), binary by default, with a mask of zeros, so that the payload goes as it is. */
export function maskedFrame(payload: Uint8Array, opcode: number = opcodes.binary): Buffer {
  const { length } = payload;
  const header = length < 126 ? [opcode, 0x80 | length] : [opcode, 0x80 | 126, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}
