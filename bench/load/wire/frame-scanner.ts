/** Tells a sink of the frames of one MessagePack message, without making an object of any. */

import { serverFrames } from '../../../src/protocol/index.ts';
import { readStamp, stampBytes } from '../../support/stamp.ts';
import type { Times } from '../worker/worker-protocol.ts';
import type { FrameSink, Scanner } from './frame-sink.ts';
import { WireCursor } from './wire-cursor.ts';

const opOf = {
  welcome: serverFrames.welcome[0],
  ok: serverFrames.ok[0],
  error: serverFrames.error[0],
  topic: serverFrames.topic[0],
  subscribed: serverFrames.subscribed[0],
  unsubscribed: serverFrames.unsubscribed[0],
  snapshot: serverFrames.snapshot[0],
  data: serverFrames.data[0],
  patch: serverFrames.patch[0],
  remove: serverFrames.remove[0],
  mark: serverFrames.mark[0],
  gap: serverFrames.gap[0],
} as const;

export class FrameScanner implements Scanner {
  readonly #from: Times['from'];
  readonly #cursor = new WireCursor();
  #fieldsLeft = 0;

  constructor(from: Times['from']) {
    this.#from = from;
  }

  scan(message: Uint8Array, sink: FrameSink): void {
    this.#cursor.open(message);
    while (!this.#cursor.isAtEnd) this.#frame(sink);
  }

  #frame(sink: FrameSink): void {
    this.#fieldsLeft = this.#cursor.array();
    if (this.#fieldsLeft < 1) throw new RangeError('not a message: a frame is not an array');
    const op = this.#number();
    if (op === opOf.data) this.#data(sink);
    else if (op === opOf.patch) this.#patch(sink);
    else this.#rarer(op, sink);
    while (this.#fieldsLeft > 0) this.#pass();
  }

  #data(sink: FrameSink): void {
    const tid = this.#number();
    const seq = this.#number();
    sink.published(tid, seq, this.#from === 'event' ? this.#number() : this.#stampAfter(1, 0));
  }

  #patch(sink: FrameSink): void {
    const tid = this.#number();
    const seq = this.#number();
    sink.published(tid, seq, this.#from === 'event' ? this.#number() : this.#stampAfter(2, 1));
  }

  #rarer(op: number, sink: FrameSink): void {
    if (op === opOf.remove) this.#remove(sink);
    else if (op === opOf.mark) sink.skipped(this.#number(), this.#number(), this.#number());
    else if (op === opOf.gap) sink.missed(this.#number(), this.#number(), this.#number());
    else if (op === opOf.snapshot) this.#snapshot(sink);
    else if (op === opOf.topic) sink.named(this.#number(), this.#string(), this.#string());
    else this.#answer(op, sink);
  }

  #answer(op: number, sink: FrameSink): void {
    if (op === opOf.welcome) sink.welcomed();
    else if (op === opOf.subscribed) this.#subscribed(sink);
    else if (op === opOf.ok || op === opOf.unsubscribed) sink.answered(this.#number());
    else if (op === opOf.error) this.#error(sink);
  }

  #remove(sink: FrameSink): void {
    const tid = this.#number();
    const seq = this.#number();
    sink.published(tid, seq, this.#from === 'event' ? this.#number() : 0);
  }

  #snapshot(sink: FrameSink): void {
    const tid = this.#number();
    const seq = this.#number();
    this.#pass(); // ts
    const isLast = this.#isTrue();
    this.#pass(); // rows
    const recovered = this.#fieldsLeft > 0 ? this.#isTrueUnlessNull() : undefined;
    if (isLast) sink.positioned(tid, seq, recovered);
  }

  #subscribed(sink: FrameSink): void {
    const request = this.#number();
    this.#pass(); // sid
    sink.subscribed(request, this.#number());
  }

  #error(sink: FrameSink): void {
    const isKnown = this.#cursor.bytes[this.#cursor.at] !== nil;
    const request = isKnown ? this.#number() : this.#pass();
    const code = this.#number();
    this.#pass(); // retryable
    sink.refused(request, code, this.#string());
  }

  /** The stamp that begins a text: behind so many fields, the `place`-th of the array that comes then. 0: there is none. */
  #stampAfter(fields: number, place: number): number {
    for (let i = 0; i < fields; i++) this.#pass();
    this.#fieldsLeft--;
    const members = this.#cursor.array();
    if (members < 0) throw new RangeError('not a message: values are not an array');
    let micros = 0;
    for (let i = 0; i < members; i++) {
      if (i === place) micros = this.#stampHere();
      else this.#cursor.skip();
    }
    return micros;
  }

  #stampHere(): number {
    const length = this.#cursor.text();
    if (length < 0) this.#cursor.skip();
    if (length < 0) return 0;
    const start = this.#cursor.at;
    this.#cursor.pass(length);
    return length < stampBytes ? 0 : (readStamp(this.#cursor.bytes, start) ?? 0);
  }

  #number(): number {
    this.#fieldsLeft--;
    return this.#cursor.number();
  }

  #string(): string {
    this.#fieldsLeft--;
    return this.#cursor.string();
  }

  #isTrue(): boolean {
    this.#fieldsLeft--;
    return this.#cursor.isTrue();
  }

  #isTrueUnlessNull(): boolean | undefined {
    if (this.#cursor.bytes[this.#cursor.at] !== nil) return this.#isTrue();
    return this.#pass();
  }

  #pass(): undefined {
    this.#fieldsLeft--;
    this.#cursor.skip();
  }
}

const nil = 0xc0;
