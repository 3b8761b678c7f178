/** One distinct (pattern, view) in use: everyone who wants the same gets the same bytes, a turn at a time. */

import type { Encoding, ServerCodec, ServerFrame } from '../protocol/index.ts';
import { OutboundBatch, type SendMessage } from './outbound-batch.ts';
import type { TopicState } from './topic-state.ts';

/** Where views differ. Each distinct view is encoded once. */
export type View = { readonly encoding: Encoding };

export class Stream {
  /** The native topic that its subscribers' sockets are on. */
  readonly channel: string;
  readonly pattern: string;
  readonly view: View;
  readonly topics: TopicState[] = [];
  /** Monotonic milliseconds of the last message, for heartbeats. */
  lastSentAt = 0;
  members = 0;
  readonly #codec: ServerCodec;
  readonly #batch: OutboundBatch;
  readonly #announcedSchemas = new Set<number>();
  #welcome: readonly Uint8Array[] | undefined;

  constructor(channel: string, pattern: string, view: View, codec: ServerCodec, send: SendMessage) {
    this.channel = channel;
    this.pattern = pattern;
    this.view = view;
    this.#codec = codec;
    this.#batch = new OutboundBatch(view.encoding, (message) => {
      this.lastSentAt = performance.now();
      send(message);
    });
  }

  get encoding(): Encoding {
    return this.view.encoding;
  }

  /** Whether it had nothing to say until now in this turn. */
  get isQuiet(): boolean {
    return this.#batch.isEmpty;
  }

  add(frame: Uint8Array): void {
    this.#welcome = undefined;
    this.#batch.add(frame);
  }

  flush(): void {
    this.#batch.flush();
  }

  /** A topic was born that the pattern selects: its subscribers learn its name before its first value. */
  announce(state: TopicState): void {
    this.topics.push(state);
    for (const frame of this.#introduction(state, this.#announcedSchemas)) this.add(this.#codec.encode(frame));
  }

  /**
   * The messages that bring a newcomer to where the stream is: schemas, names, positions and last values.
   * Made once for all who join between two publications; flush first, so that what follows has no gap.
   */
  welcome(withRows: boolean): readonly Uint8Array[] {
    if (!withRows) return this.#welcomeMessages(false);
    this.#welcome ??= this.#welcomeMessages(true);
    return this.#welcome;
  }

  #welcomeMessages(withRows: boolean): Uint8Array[] {
    const messages: Uint8Array[] = [];
    const batch = new OutboundBatch(this.encoding, (message) => messages.push(Buffer.from(message)));
    const seen = new Set<number>();
    for (const state of this.topics) {
      for (const frame of this.#introduction(state, seen)) batch.add(this.#codec.encode(frame));
      for (const frame of state.snapshot(withRows)) batch.add(this.#codec.encode(frame));
    }
    batch.flush();
    return messages;
  }

  *#introduction(state: TopicState, seen: Set<number>): Iterable<ServerFrame> {
    const { id, fields } = state.topic.schema;
    if (!seen.has(id)) yield { op: 'schema', schema: id, fields };
    seen.add(id);
    yield state.announcement();
  }
}
