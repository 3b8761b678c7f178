/** One distinct (patterns, view) in use: everyone who wants the same gets the same bytes, a turn at a time. */

import type { Encoding, ServerCodec } from '../protocol/index.ts';
import type { Cell } from './cell.ts';
import type { Fates } from './fates.ts';
import { FrameWriter } from './frame-writer.ts';
import { conditionFrame, introduction, positionFrame, snapshot } from './introduction.ts';
import type { Ledger } from './ledger.ts';
import type { OutboundBatch } from './outbound-batch.ts';
import type { TopicState } from './topic-state.ts';
import type { View } from './view.ts';

/** Someone who goes on with the stream as soon as it holds nothing back, and until then is told what it may not. */
export type Waiting = { settle(): void; keepUp(): void };

/** Everything a newcomer must be told. */
export type Welcome = { readonly messages: readonly Uint8Array[]; readonly bytes: number };

export type StreamParts = {
  readonly key: string;
  /** The native topic that its subscribers' sockets are on. */
  readonly channel: string;
  readonly patterns: readonly string[];
  readonly view: View;
  readonly codec: ServerCodec;
  /** Sends what it collected to its attached members, so many. */
  readonly send: (message: Uint8Array, attached: number) => void;
  /** Those of all streams together. */
  readonly fates: Fates;
};

export abstract class Stream {
  readonly key: string;
  readonly channel: string;
  readonly patterns: readonly string[];
  readonly view: View;
  /** In the order in which members learn of them. */
  readonly cells: Cell[] = [];
  /** Monotonic milliseconds of the last message, for heartbeats. */
  lastSentAt = 0;
  members = 0;
  /** Those who get what it says. */
  attached = 0;
  /** Publications on its topics since it began. */
  published = 0;
  delivered = 0;
  conflated = 0;
  filtered = 0;
  /** What it says to its members, attached ones; frames of an announcement or a state count as no publication. */
  protected abstract readonly batch: OutboundBatch;
  readonly codec: ServerCodec;
  protected readonly fates: Fates;
  readonly #waiting = new Set<Waiting>();
  readonly #told = new Set<number>();
  #welcome: Welcome | undefined;

  constructor({ key, channel, patterns, view, codec, fates }: StreamParts) {
    this.key = key;
    this.channel = channel;
    this.patterns = patterns;
    this.view = view;
    this.codec = codec;
    this.fates = fates;
  }

  /** Names the stream to clients; 0 for plain ones, whose topics go by the same numbers on all of them. */
  abstract readonly number: number;
  /** Whether its members have been told everything that was published. */
  abstract readonly isSettled: boolean;
  /** Publications not yet told. */
  abstract readonly pending: number;
  /** Since when the first of them waits (monotonic milliseconds). */
  abstract readonly pendingSince: number | undefined;
  /** Sends what it collected in this turn. */
  abstract flush(): void;
  /** Tells everything that it may tell now. */
  abstract settle(): void;
  abstract cellOf(state: TopicState): Cell | undefined;

  get encoding(): Encoding {
    return this.view.encoding;
  }

  get isQuiet(): boolean {
    return this.batch.isEmpty;
  }

  /** Its ledger since it began. Nothing is missed here: only those who were away miss something. */
  ledger(): Ledger {
    const { published, delivered, conflated, filtered, pending } = this;
    return { published, delivered, conflated, filtered, missed: 0, pending };
  }

  wait(member: Waiting): void {
    this.#waiting.add(member);
  }

  stopWaiting(member: Waiting): void {
    this.#waiting.delete(member);
  }

  /** To be called when it has just been flushed. */
  releaseWaiting(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    if (!this.isSettled) {
      for (const member of waiting) member.keepUp();
      return;
    }
    this.#waiting.clear();
    for (const member of waiting) member.settle();
  }

  /** A topic was born: members learn its name before its first value. */
  announce(cell: Cell): void {
    this.cells.push(cell);
    this.announceAnew(cell);
  }

  /** A topic that members know is in another schema from here on. */
  announceAnew(cell: Cell): void {
    for (const frame of introduction(cell, this.number, this.#told)) this.say(this.codec.encode(frame));
  }

  /** Tells members that a topic fell silent or speaks again. */
  tellCondition(cell: Cell): void {
    this.say(this.codec.encode(conditionFrame(cell)));
  }

  /**
   * The messages that bring a newcomer to where the topics are: schemas, names, positions and last values.
   * Made once for all who join between two publications.
   */
  welcome(withRows: boolean): Welcome {
    if (!withRows) return this.#makeWelcome(false);
    this.#welcome ??= this.#makeWelcome(true);
    return this.#welcome;
  }

  /** Something changed: the welcome must be made anew. */
  protected touched(): void {
    this.#welcome = undefined;
  }

  protected say(frame: Uint8Array): void {
    this.touched();
    this.batch.add(frame);
  }

  #makeWelcome(withRows: boolean): Welcome {
    const messages: Uint8Array[] = [];
    const writer = new FrameWriter(this.codec, (message) => messages.push(Buffer.from(message)));
    const told = new Set<number>();
    for (const cell of this.cells) {
      for (const frame of introduction(cell, this.number, told)) writer.write(frame);
      if (withRows) for (const part of snapshot(cell)) writer.write(part);
      else writer.write(positionFrame(cell, cell.state.seq));
      if (cell.state.staleSince !== undefined) writer.write(conditionFrame(cell));
    }
    writer.flush();
    return { messages, bytes: writer.bytes };
  }
}
