/** An HTTP response that stays open: what is written to it, and whether its reader keeps up. */

import type { Traffic } from './counts.ts';
import { heartbeatText } from './event-text.ts';
import { writeHead } from './http/reply.ts';
import { peerAddress } from './peer-address.ts';
import type { HttpResponse } from './uws.ts';

const drainText = Buffer.from(':\n');

/** Calls come in a turn of their own, never from within a write. */
export type WriterEvents = {
  /** The kernel takes no more. */
  onBlocked(): void;
  /** The kernel takes more again. */
  onWritable(): void;
  /** It is over, whoever ended it. */
  onClosed(): void;
  /** Of all such responses together. */
  readonly sent: Traffic;
};

export class EventWriter {
  /** Monotonic milliseconds of the last write. */
  sentAt = performance.now();
  readonly remoteAddress: string;
  #isOpen = true;
  #isBlocked = false;
  #backlogBytes = 0;
  readonly #res: HttpResponse;
  readonly #events: WriterEvents;

  /** To be made before the request's handler returns. */
  constructor(res: HttpResponse, events: WriterEvents) {
    this.#res = res;
    this.#events = events;
    this.remoteAddress = peerAddress(res);
    res.onAborted(() => this.#closed());
    res.onWritable(() => this.#writable());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** What was written since the kernel took no more; a little of it may have left. */
  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  /** The answer's head; nothing may be written before it. */
  begin(headers: Readonly<Record<string, string>>): void {
    this.#res.cork(() => {
      writeHead(this.#res, '200 OK', headers);
    });
  }

  write = (bytes: Uint8Array): void => {
    if (!this.#isOpen || bytes.length === 0) return;
    this.sentAt = performance.now();
    const { sent } = this.#events;
    sent.messages++;
    sent.bytes += bytes.length;
    let isTaken = true;
    this.#res.cork(() => {
      isTaken = this.#res.write(bytes);
    });
    if (isTaken && !this.#isBlocked) return; // a small write counts as taken though the buffers are full
    this.#backlogBytes += bytes.length;
    if (this.#isBlocked) return;
    this.#isBlocked = true;
    queueMicrotask(() => this.#isOpen && this.#events.onBlocked());
  };

  heartbeat(): void {
    this.write(heartbeatText);
  }

  /** The library gives a response up ten seconds after the kernel took no more; this makes it wait as long again. */
  beg(): void {
    if (!this.#isOpen) return;
    this.#res.pause();
    this.#res.resume();
  }

  /** What was written so far still goes out. Twice is harmless. */
  end(): void {
    if (!this.#isOpen) return;
    this.#closed();
    this.#res.cork(() => this.#res.end());
  }

  /** At once, with whatever the reader has not taken. Twice is harmless. */
  cut(): void {
    if (!this.#isOpen) return;
    this.#closed();
    this.#res.close();
  }

  #writable(): boolean {
    if (!this.#isOpen) return true;
    this.#isBlocked = false;
    this.#backlogBytes = 0;
    // The library sends what it still holds along with the next write, and not before.
    this.#res.cork(() => {
      this.#res.write(drainText);
    });
    this.#events.onWritable();
    return true;
  }

  #closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.onClosed();
  }
}
