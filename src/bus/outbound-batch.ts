/** Collects encoded frames into WebSocket messages the way each encoding puts them together. */

import type { Encoding } from '../protocol/index.ts';

/** uWebSockets sends messages of 16 KB and more another, slower way; 1 KB is left for its own framing and ours. */
export const maxMessageBytes = 15 * 1024;

/** Bytes are valid until the batch is next written to. */
export type SendMessage = (message: Uint8Array) => void;

export class OutboundBatch {
  readonly #send: SendMessage;
  readonly #joint: Joint;
  #buffer = Buffer.allocUnsafeSlow(512); // grows to what the stream really says in a turn
  #used = 0;

  constructor(encoding: Encoding, send: SendMessage) {
    this.#send = send;
    this.#joint = joints[encoding];
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** Adds one frame; sends first what would grow too long with it. */
  add(frame: Uint8Array): void {
    const { open, between, close, isJoining } = this.#joint;
    const added = frame.length + 1 + close.length;
    if (this.#used > 0 && (!isJoining || this.#used + added > maxMessageBytes)) this.flush();
    this.#reserve(this.#used + added + open.length);
    this.#append(this.#used === 0 ? open : between);
    this.#buffer.set(frame, this.#used);
    this.#used += frame.length;
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#append(this.#joint.close);
    const message = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    this.#send(message);
  }

  #append(glue: Uint8Array): void {
    for (let i = 0; i < glue.length; i++) this.#buffer[this.#used++] = glue[i] as number;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = grown;
  }
}

type Joint = { open: Uint8Array; between: Uint8Array; close: Uint8Array; isJoining: boolean };

const none = new Uint8Array(0);
const joints: Record<Encoding, Joint> = {
  msgpack: { open: none, between: none, close: none, isJoining: true },
  json: { open: none, between: none, close: none, isJoining: false },
  sse: { open: none, between: none, close: none, isJoining: true },
  'json-batch': { open: Buffer.from('['), between: Buffer.from(','), close: Buffer.from(']'), isJoining: true },
};
