/** A WebSocket as members of streams write to it. */

import type { Sink } from '../bus/index.ts';
import { isLongEnough } from './compression.ts';
import type { Traffic } from './counts.ts';
import type { Socket } from './session.ts';

export class SocketSink implements Sink {
  /** Sent to this socket alone, so far. */
  bytes = 0;
  /** Monotonic milliseconds of the last of them. */
  sentAt = performance.now();
  readonly #socket: Socket;
  readonly #isBinary: boolean;
  readonly #compressFromBytes: number;
  readonly #sent: Traffic;
  #isOpen = true;
  /** How many members of this socket are on a channel. */
  #channels: Map<string, number> | undefined;

  /** `compressFromBytes` 0: nothing is compressed. `sent`: of all sockets together. */
  constructor(socket: Socket, compressFromBytes: number, sent: Traffic) {
    this.#socket = socket;
    this.#sent = sent;
    this.#compressFromBytes = compressFromBytes;
    this.#isBinary = socket.getUserData().encoding === 'msgpack';
  }

  send = (message: Uint8Array): void => {
    if (!this.#isOpen) return;
    this.bytes += message.length;
    this.#sent.bytes += message.length;
    this.#sent.messages++;
    this.sentAt = performance.now();
    this.#socket.send(message, this.#isBinary, isLongEnough(message, this.#compressFromBytes));
  };

  attach(channel: string): void {
    if (!this.#isOpen) return;
    this.#channels ??= new Map();
    const members = this.#channels.get(channel) ?? 0;
    this.#channels.set(channel, members + 1);
    if (members === 0) this.#socket.subscribe(channel);
  }

  detach(channel: string): void {
    if (!this.#isOpen) return;
    const members = this.#channels?.get(channel) ?? 0;
    if (members > 1) {
      this.#channels?.set(channel, members - 1);
      return;
    }
    this.#channels?.delete(channel);
    // What was published to the channel in this turn still waits in the library, and is dropped with the last channel:
    // a send of any kind puts it on its way first.
    this.#socket.ping();
    this.#socket.unsubscribe(channel);
  }

  /** The socket is gone. */
  close(): void {
    this.#isOpen = false;
    this.#channels = undefined;
  }
}
