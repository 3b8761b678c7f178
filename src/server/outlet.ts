/** How the hub's messages leave: native topics of one app and whoever else listens, a loop turn at a time. */

import type { Outlet } from '../bus/index.ts';
import type { Encoding } from '../protocol/index.ts';
import { BucketCounts } from './bucket-counts.ts';
import { isLongEnough } from './compression.ts';
import { latencyBoundsSec } from './counts.ts';
import { type FlushOptions, FlushPace } from './flush-pace.ts';
import type { ServerOptions } from './options.ts';
import type { TemplatedApp } from './uws.ts';

export type OutletOptions = FlushOptions & Pick<ServerOptions, 'compressFromBytes'>;

/** Takes each message of a channel; its bytes are valid for the call only. */
export type ChannelListener = (message: Uint8Array) => void;

const muchBytes = 16 * 1024; // half of what makes a laggard by default: nobody's buffer overflows unseen

const timedEveryMs = 5; // a timing costs a turn of the loop; 200 a second are plenty for a percentile

export class AppOutlet implements Outlet {
  /** Seconds from the first publication that a flush holds until the sockets are written; of some flushes. */
  readonly publishToSocket = new BucketCounts(latencyBoundsSec);
  #timedAt = 0;
  readonly #app: TemplatedApp;
  readonly #pace: FlushPace;
  readonly #compressFromBytes: number;
  readonly #listeners = new Map<string, Set<ChannelListener>>();
  #sinceMuch = 0;
  #onMuch: () => void = () => {};

  constructor(app: TemplatedApp, options: OutletOptions) {
    this.#app = app;
    this.#compressFromBytes = options.compressFromBytes;
    this.#pace = new FlushPace(options);
  }

  publish(channel: string, message: Uint8Array, encoding: Encoding): void {
    if (encoding === 'sse') {
      for (const listen of this.#listeners.get(channel) ?? []) listen(message);
      return;
    }
    this.#app.publish(channel, message, encoding === 'msgpack', isLongEnough(message, this.#compressFromBytes));
    this.#sinceMuch += message.length;
    if (this.#sinceMuch < muchBytes) return;
    this.#sinceMuch = 0;
    this.#onMuch();
  }

  schedule(flush: () => void): void {
    const heldAt = performance.now();
    if (heldAt - this.#timedAt < timedEveryMs) {
      this.#pace.schedule(flush);
      return;
    }
    this.#timedAt = heldAt;
    this.#pace.schedule(() => {
      flush();
      setImmediate(() => this.publishToSocket.observe((performance.now() - heldAt) / 1000)); // the library has sent by then
    });
  }

  /** For channels whose encoding no socket speaks. Returns the undo. */
  listen(channel: string, listener: ChannelListener): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
    };
  }

  /** Calls back whenever so much has been published that a socket's buffer may have filled. */
  onMuch(run: () => void): void {
    this.#onMuch = run;
  }
}
