/** Streams of server-sent events: what one said in a turn goes to each of its readers as one piece, made once. */

import type { Cell, Hub, Stream } from '../bus/index.ts';
import { withId } from './event-text.ts';
import { writeToken } from './event-token.ts';
import type { AppOutlet } from './outlet.ts';

/** Someone who is on a stream. */
export type Reader = { write(events: Uint8Array): void };

const muchBytes = 64 * 1024; // of one turn; more is not kept until its end

export class EventChannels {
  readonly #hub: Hub;
  readonly #outlet: AppOutlet;
  readonly #channels = new Map<Stream, EventChannel>();

  constructor(hub: Hub, outlet: AppOutlet) {
    this.#hub = hub;
    this.#outlet = outlet;
  }

  /** From now on the reader gets what the stream says. */
  join(stream: Stream, reader: Reader): void {
    let channel = this.#channels.get(stream);
    if (channel === undefined) {
      channel = new EventChannel(stream, this.#hub, this.#outlet);
      this.#channels.set(stream, channel);
    }
    channel.add(reader);
  }

  /** What the stream has said so far still reaches the reader. Returns how far that is: see `EventToken.ordinal`. */
  leave(stream: Stream, reader: Reader): number | undefined {
    const channel = this.#channels.get(stream);
    if (channel?.remove(reader) === 'empty') this.#channels.delete(stream);
    return channel?.ordinal();
  }

  /** Where readers of this stream are; undefined while it holds something back, or nobody is on it. */
  token(stream: Stream): string | undefined {
    return this.#channels.get(stream)?.token();
  }
}

class EventChannel {
  readonly #stream: Stream;
  readonly #hub: Hub;
  readonly #readers = new Set<Reader>();
  readonly #stopListening: () => void;
  #gathered: Buffer[] = [];
  #bytes = 0;
  /** Of the hub's publications, those up to here are told to all readers. */
  #ordinal: number;
  /** Of event topics, out of so many topics. */
  #eventCells: readonly Cell[] = [];
  #cellsSeen = 0;

  constructor(stream: Stream, hub: Hub, outlet: AppOutlet) {
    this.#stream = stream;
    this.#hub = hub;
    this.#ordinal = hub.counts.publications; // a stream lets nobody on while it holds something back
    this.#stopListening = outlet.listen(stream.channel, (message) => this.#gather(message));
  }

  add(reader: Reader): void {
    this.#flush();
    this.#readers.add(reader);
  }

  remove(reader: Reader): 'empty' | 'in use' {
    this.#flush();
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return 'in use';
    this.#stopListening();
    return 'empty';
  }

  token(): string | undefined {
    if (!this.#stream.isQuiet) return undefined;
    const seqs = this.#events().map(({ state, sentSeq }) => [state.topic.tid, sentSeq] as const);
    return writeToken(this.#hub.epoch, this.ordinal(), seqs);
  }

  ordinal(): number {
    if (this.#stream.isSettled) this.#ordinal = this.#hub.counts.publications;
    return this.#ordinal;
  }

  #gather(message: Uint8Array): void {
    if (this.#gathered.length === 0) queueMicrotask(() => this.#flush());
    this.#gathered.push(Buffer.from(message));
    this.#bytes += message.length;
    if (this.#bytes > muchBytes) this.#send(undefined); // in the middle of a turn nobody is anywhere yet
  }

  #flush(): void {
    if (this.#gathered.length > 0) this.#send(this.token());
  }

  #send(token: string | undefined): void {
    const events = withId(this.#gathered, token);
    this.#gathered = [];
    this.#bytes = 0;
    for (const reader of this.#readers) reader.write(events);
  }

  #events(): readonly Cell[] {
    const { cells } = this.#stream;
    if (cells.length !== this.#cellsSeen) {
      this.#eventCells = cells.filter(({ state }) => state.topic.kind === 'event');
      this.#cellsSeen = cells.length;
    }
    return this.#eventCells;
  }
}
