/** Every open stream of server-sent events, and the timers that look after them. */

import { EventChannels } from './event-channels.ts';
import { type EventRequest, EventStream } from './event-stream.ts';
import type { ServerParts } from './parts.ts';
import type { HttpResponse } from './uws.ts';

const laggardsEveryMs = 25; // who has taken what it was sent waits no longer for more
const allEveryMs = 250;

export class EventStreams implements Iterable<EventStream> {
  readonly #parts: ServerParts;
  readonly #channels: EventChannels;
  readonly #open = new Set<EventStream>();
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#channels = new EventChannels(parts.hub, parts.outlet);
  }

  get size(): number {
    return this.#open.size;
  }

  [Symbol.iterator](): Iterator<EventStream> {
    return this.#open.values();
  }

  /** Answers with an open stream. Throws ProtocolError for a view that makes no sense, before anything is answered. */
  open(res: HttpResponse, request: EventRequest): void {
    const onClosed = (stream: EventStream) => {
      this.#open.delete(stream);
      if (this.#open.size === 0) this.#stopTimers();
      this.#parts.log.debug({ session: stream.id }, 'event stream closed');
    };
    const stream = new EventStream(res, request, { ...this.#parts, channels: this.#channels, onClosed });
    if (this.#open.size === 0) this.#startTimers();
    this.#open.add(stream);
    this.#parts.counts.connected('sse');
    this.#parts.log.debug({ session: stream.id, sdk: stream.sdk }, 'event stream opened');
    try {
      stream.join();
    } catch (error) {
      const fields = { err: error, session: stream.id };
      this.#parts.problems.report('error', 'events', fields, 'an event stream could not be served');
      stream.cut();
    }
  }

  /** Ends them all; their readers will come back. Twice is harmless. */
  stop(): void {
    for (const stream of [...this.#open]) stream.end();
  }

  #startTimers(): void {
    this.#timers = [
      setInterval(() => this.#look((stream) => stream.pace.step !== 'full'), laggardsEveryMs),
      setInterval(() => this.#look(() => true), allEveryMs),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #look(isDue: (stream: EventStream) => boolean): void {
    const now = performance.now();
    for (const stream of this.#open) if (isDue(stream)) stream.look(now);
  }
}
