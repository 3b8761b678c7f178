import type { Position, Schema, ServerFrame } from '../../src/protocol/index.ts';
import { toJson } from '../../src/protocol/json-form.ts';
import {
  addFates,
  type Expecting,
  type Fates,
  MirrorTopic,
  noFates,
  type Readable,
  show,
  type Told,
} from './mirror-topic.ts';

/** A client of one subscription that believes nothing: it throws as soon as a frame breaks the one rule of the wire. */
export class Mirror {
  readonly topics = new Map<string, MirrorTopic>();
  /** The stream that its subscription is served by. */
  #stream = 0;
  /** Of topics that it is no longer told of. */
  readonly #former = noFates();
  readonly #onTold: (topic: MirrorTopic, told: Told) => void;
  /** As it last came back with. */
  #given: Readonly<Record<string, Position>> = {};
  readonly #schemas = new Map<number, Schema>();
  readonly #byTid = new Map<number, { name: string; schema: Schema; stream: number }>();

  constructor(onTold: (topic: MirrorTopic, told: Told) => void = () => {}) {
    this.#onTold = onTold;
  }

  /** SUBSCRIBED says so: frames of other streams are not for it any more. */
  follow(stream: number, expecting: Expecting): void {
    this.#stream = stream;
    for (const topic of this.topics.values()) topic.follow(expecting);
  }

  /** Topics that its stream does not carry any more are not for it. */
  keepOnly(carried: ReadonlySet<string>): void {
    for (const [name, { fates }] of this.topics) {
      if (carried.has(name)) continue;
      addFates(this.#former, fates);
      this.topics.delete(name);
    }
  }

  /** The connection is gone; positions and state are kept, counting begins anew. */
  disconnect(): void {
    this.#schemas.clear();
    this.#byTid.clear();
    Object.assign(this.#former, noFates());
    for (const topic of this.topics.values()) topic.disconnect();
  }

  /** A frame of either encoding: with numbers, or as it reads in JSON. */
  take(frame: ServerFrame): void {
    if (frame.op === 'schema') this.#schemas.set(frame.schema, { id: frame.schema, fields: frame.fields });
    else if (frame.op === 'topic') this.#introduce(frame);
    else {
      const named = ('tid' in frame ? toJson(frame, (tid) => this.#named(tid)) : frame) as Readable;
      const topic = this.topics.get(named.topic);
      if (topic === undefined) throw new Error(`${show(named)} is of a topic that was not announced`);
      this.#mustBeMine(named.stream, named);
      topic.take(named, (told) => this.#onTold(topic, told));
    }
  }

  /** To come back with. */
  positions(): Readonly<Record<string, Position>> {
    const begun = [...this.topics.values()].filter(({ seq }) => seq !== undefined);
    this.#given = Object.fromEntries(begun.map(({ name, epoch, seq }) => [name, [epoch, seq as number]]));
    return this.#given;
  }

  fates(): Fates {
    const sum = { ...this.#former };
    for (const { fates } of this.topics.values()) addFates(sum, fates);
    return sum;
  }

  #introduce(frame: Extract<ServerFrame, { op: 'topic' }>): void {
    const { epoch, kind } = frame;
    const name = 'topic' in frame ? (frame.topic as string) : frame.name;
    this.#mustBeMine(frame.stream, frame);
    const schema = this.#schemas.get(frame.schema);
    if (schema === undefined) throw new Error(`${show(frame)} is of a schema that was not announced`);
    this.#byTid.set(frame.tid, { name, schema, stream: frame.stream ?? 0 });
    const known = this.topics.get(name);
    if (known?.epoch === epoch) known.fields = schema.fields;
    else {
      const [givenEpoch, given] = this.#given[name] ?? [];
      this.topics.set(name, new MirrorTopic(name, epoch, kind, schema.fields, givenEpoch === epoch ? given : 0));
    }
  }

  #named(tid: number): { name: string; schema: Schema; stream: number } {
    const found = this.#byTid.get(tid);
    if (found === undefined) throw new Error(`no TOPIC announced tid ${tid}`);
    return found;
  }

  #mustBeMine(stream: number | undefined, frame: object): void {
    if ((stream ?? 0) !== this.#stream) throw new Error(`${show(frame)} is not of stream ${this.#stream}`);
  }
}
