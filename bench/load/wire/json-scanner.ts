/** Tells a sink of the frames of one JSON message, single or in an array, without making an object of any. */

import { readStamp, stampBytes } from '../../support/stamp.ts';
import type { Times } from '../worker/worker-protocol.ts';
import type { FrameSink, Scanner } from './frame-sink.ts';
import { hashOf, JsonCursor, jsonMarks } from './json-cursor.ts';
import { TopicNumbers } from './topic-numbers.ts';

/** What is read of each frame; all else is passed over. */
const fields = ['op', 'topic', 'stream', 'seq', 'ts', 'data', 'from', 'to', 'last', 'recovered', 'epoch'] as const;
const fieldsOfAnswers = ['id', 'topics', 'code', 'message'] as const;
type Field = (typeof fields)[number] | (typeof fieldsOfAnswers)[number];

const names: readonly Field[] = [...fields, ...fieldsOfAnswers];
const places = new Map<number, number>(names.map((name, place) => [hashOf(name), place]));
const at = Object.fromEntries(names.map((name, place) => [name, place])) as Record<Field, number>; // of every name
const ops = {
  welcome: hashOf('welcome'),
  ok: hashOf('ok'),
  error: hashOf('error'),
  topic: hashOf('topic'),
  subscribed: hashOf('subscribed'),
  unsubscribed: hashOf('unsubscribed'),
  snapshot: hashOf('snapshot'),
  data: hashOf('data'),
  patch: hashOf('patch'),
  remove: hashOf('remove'),
  mark: hashOf('mark'),
  gap: hashOf('gap'),
} as const;

export class JsonScanner implements Scanner {
  readonly #from: Times['from'];
  readonly #cursor = new JsonCursor();
  readonly #topics = new TopicNumbers();
  /** Of the frame that is being read, by field: a number (NaN: null or absent), or where a text begins and ends. */
  readonly #numbers = new Float64Array(names.length);
  readonly #starts = new Int32Array(names.length);
  readonly #ends = new Int32Array(names.length);
  #op = 0;
  #stampMicros = 0;

  constructor(from: Times['from']) {
    this.#from = from;
  }

  scan(message: Uint8Array, sink: FrameSink): void {
    this.#cursor.open(message);
    if (this.#cursor.takes(jsonMarks.bracket)) this.#frames(sink);
    else this.#frame(sink);
    if (this.#cursor.peek() !== undefined) throw new RangeError('not a message: more behind its end');
  }

  #frames(sink: FrameSink): void {
    if (this.#cursor.takes(jsonMarks.bracketEnd)) return;
    do this.#frame(sink);
    while (this.#cursor.takes(jsonMarks.comma));
    this.#cursor.expect(jsonMarks.bracketEnd);
  }

  #frame(sink: FrameSink): void {
    this.#clear();
    this.#cursor.expect(jsonMarks.brace);
    if (this.#cursor.takes(jsonMarks.braceEnd)) return;
    do this.#member();
    while (this.#cursor.takes(jsonMarks.comma));
    this.#cursor.expect(jsonMarks.braceEnd);
    this.#tell(sink);
  }

  #clear(): void {
    for (let place = 0; place < names.length; place++) {
      this.#numbers[place] = Number.NaN;
      this.#starts[place] = this.#ends[place] = 0;
    }
    this.#op = 0;
    this.#stampMicros = 0;
  }

  #member(): void {
    const place = places.get(this.#cursor.text());
    this.#cursor.expect(jsonMarks.colon);
    if (place === undefined) this.#cursor.skip();
    else if (place === at.data) this.#data();
    else if (this.#cursor.peek() === jsonMarks.quote) this.#text(place);
    else this.#numbers[place] = this.#cursor.number();
  }

  #text(place: number): void {
    const hash = this.#cursor.text();
    if (place === at.op) this.#op = hash;
    this.#starts[place] = this.#cursor.textStart;
    this.#ends[place] = this.#cursor.textEnd;
  }

  /** The stamp may be the value itself, or the first of its fields. */
  #data(): void {
    const { brace, braceEnd, colon, comma } = jsonMarks;
    if (!this.#cursor.takes(brace)) {
      this.#stamp();
      return;
    }
    if (this.#cursor.takes(braceEnd)) return;
    this.#cursor.text();
    this.#cursor.expect(colon);
    this.#stamp();
    while (this.#cursor.takes(comma)) {
      this.#cursor.skip();
      this.#cursor.expect(colon);
      this.#cursor.skip();
    }
    this.#cursor.expect(braceEnd);
  }

  #stamp(): void {
    const isText = this.#cursor.peek() === jsonMarks.quote;
    const start = this.#cursor.at + 1;
    this.#cursor.skip();
    if (isText && this.#cursor.at - 1 - start >= stampBytes) {
      this.#stampMicros = readStamp(this.#cursor.bytes, start) ?? 0;
    }
  }

  #tell(sink: FrameSink): void {
    if (this.#op === ops.data || this.#op === ops.patch) this.#published(sink, this.#stampMicros);
    else if (this.#op === ops.remove) this.#published(sink, 0);
    else if (this.#op === ops.mark) sink.skipped(this.#topic(), this.#number('from'), this.#number('to'));
    else if (this.#op === ops.gap) sink.missed(this.#topic(), this.#number('from'), this.#number('to'));
    else if (this.#op === ops.snapshot) this.#snapshot(sink);
    else if (this.#op === ops.topic) sink.named(this.#topic(), this.#string('topic'), this.#string('epoch'));
    else this.#answer(sink);
  }

  #answer(sink: FrameSink): void {
    const id = this.#number('id');
    if (this.#op === ops.welcome) sink.welcomed();
    else if (this.#op === ops.subscribed) sink.subscribed(id, this.#number('topics'));
    else if (this.#op === ops.ok || this.#op === ops.unsubscribed) sink.answered(id);
    else if (this.#op === ops.error) {
      sink.refused(Number.isNaN(id) ? undefined : id, this.#number('code'), this.#string('message'));
    }
  }

  #published(sink: FrameSink, stampMicros: number): void {
    sink.published(this.#topic(), this.#number('seq'), this.#from === 'event' ? this.#number('ts') : stampMicros);
  }

  #snapshot(sink: FrameSink): void {
    if (this.#number('last') !== 1) return;
    const recovered = this.#number('recovered');
    sink.positioned(this.#topic(), this.#number('seq'), Number.isNaN(recovered) ? undefined : recovered === 1);
  }

  #topic(): number {
    const stream = this.#number('stream');
    return this.#topics.of(this.#plain('topic'), Number.isNaN(stream) ? 0 : stream);
  }

  #number(field: Field): number {
    return this.#numbers[at[field]] as number;
  }

  /** Names of topics are never escaped. */
  #plain(field: Field): string {
    return this.#cursor.bytes.toString('latin1', this.#starts[at[field]], this.#ends[at[field]]);
  }

  #string(field: Field): string {
    const text: unknown = JSON.parse(
      `"${this.#cursor.bytes.toString('utf8', this.#starts[at[field]], this.#ends[at[field]])}"`,
    );
    return String(text);
  }
}
