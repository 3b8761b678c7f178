/** Stamps publications: checks the data, gives it its place in the topic's sequence, and passes it on. */

import type { z } from 'zod';
import { isWellFormed, type Micros, type Schema, type TopicKind, toPositions, topicFault } from '../protocol/index.ts';
import { randomEpoch } from './epoch.ts';
import { Expiry, machineTime, type OriginTime, RowTimes, ttlLimits } from './expiry.ts';
import type { HistoryLimits } from './history-log.ts';
import type { Backplane, Topic } from './publication.ts';
import type { SchemaRegistry } from './schema-registry.ts';

export type TopicDeclaration = {
  readonly kind: TopicKind;
  readonly schema: z.ZodType;
  readonly maxSilenceMs?: number | undefined;
  /** After so long a row is taken off unless it is published again; for keyed topics, where a publication says nothing. */
  readonly ttlMs?: number | undefined;
  /** What it keeps of its past where no rule of the configuration selects it. */
  readonly history?: Partial<HistoryLimits> | undefined;
  /** Check one publication in this many: 1 for what comes from outside, more for our own tested code. */
  readonly checkEvery: number;
};

/** Why a publication was not taken; `message` names the field and the value. */
export type Refusal = {
  readonly refused: 'schemaMismatch' | 'forbidden' | 'badRequest' | 'limit';
  readonly message: string;
};
export type PublishOutcome = { readonly seq: number } | Refusal;

export type PublishOptions = {
  ts: Micros;
  key?: string | undefined;
  /** When the row is taken off unless it is published again, in place of what its topic declares. */
  ttlMs?: number | undefined;
};

/** All topics that this process stamps. A topic belongs to whoever opened it. */
export class Origin {
  readonly #topics = new Map<string, OwnedTopic>();
  readonly #backplane: Backplane;
  readonly #schemas: SchemaRegistry;
  readonly #newEpoch: () => string;
  readonly #time: OriginTime;
  readonly #expiry: Expiry;
  #nextTid = 1;

  constructor(
    backplane: Backplane,
    schemas: SchemaRegistry,
    newEpoch: () => string = randomEpoch,
    time: OriginTime = machineTime,
  ) {
    this.#backplane = backplane;
    this.#schemas = schemas;
    this.#newEpoch = newEpoch;
    this.#time = time;
    this.#expiry = new Expiry(time);
  }

  /** The owner's handle on a topic, opened if it is new, or why there can be none. */
  topic(name: string, owner: string, declaration: TopicDeclaration): OwnedTopic | Refusal {
    const known = this.#topics.get(name);
    if (known !== undefined) {
      if (known.owner === owner) return known;
      return { refused: 'forbidden', message: `topic "${name}" belongs to ${known.owner}` };
    }
    const fault = topicFault(name);
    if (fault !== undefined) return { refused: 'badRequest', message: `topic ${JSON.stringify(name)} ${fault}` };
    const ttl = ttlFault(name, declaration.kind, declaration.ttlMs);
    if (ttl !== undefined) return ttl;
    const parts = { owner, declaration, backplane: this.#backplane, expiry: this.#expiry, now: () => this.#time.now() };
    const owned = new OwnedTopic(this.#describe(name, declaration), parts);
    this.#topics.set(name, owned);
    this.#backplane.open(owned.topic);
    return owned;
  }

  /** The topic's values are of this schema from here on. The owner's word; harmless where it is that already. */
  redeclare(topic: OwnedTopic, schema: z.ZodType): void {
    topic.redeclare(schema, this.#schemas.of(schema));
  }

  ownerOf(name: string): string | undefined {
    return this.#topics.get(name)?.owner;
  }

  /** Rows no longer expire. Publishing goes on. */
  stop(): void {
    this.#expiry.stop();
  }

  #describe(name: string, { kind, schema, maxSilenceMs, history }: TopicDeclaration): Topic {
    const topic = { tid: this.#nextTid++, name, epoch: this.#newEpoch(), kind, schema: this.#schemas.of(schema) };
    return { ...topic, ...(maxSilenceMs !== undefined && { maxSilenceMs }), ...(history !== undefined && { history }) };
  }
}

type OwnedTopicParts = {
  readonly owner: string;
  readonly declaration: TopicDeclaration;
  readonly backplane: Backplane;
  readonly expiry: Expiry;
  readonly now: () => Micros;
};

/** A topic in the hands of its owner. Nothing is published unless it passes the topic's schema. */
export class OwnedTopic {
  topic: Topic;
  readonly owner: string;
  #declaration: TopicDeclaration;
  readonly #backplane: Backplane;
  readonly #rowTimes: RowTimes | undefined;
  #seq = 0;
  #untilCheck = 0;

  constructor(topic: Topic, { owner, declaration, backplane, expiry, now }: OwnedTopicParts) {
    this.topic = topic;
    this.owner = owner;
    this.#declaration = declaration;
    this.#backplane = backplane;
    if (topic.kind === 'keyed') this.#rowTimes = new RowTimes(expiry, (key) => this.#emit(undefined, now(), key));
  }

  /** What is refused changes nothing, and takes no number. */
  publish(data: unknown, { ts, key, ttlMs }: PublishOptions): PublishOutcome {
    const fault = this.#keyFault(key) ?? ttlFault(this.topic.name, this.topic.kind, ttlMs);
    if (fault !== undefined) return fault;
    let checked = data;
    if (this.#untilCheck-- <= 0) {
      this.#untilCheck = this.#declaration.checkEvery - 1;
      const result = this.#declaration.schema.safeParse(data);
      if (!result.success) {
        this.#untilCheck = 0; // who was wrong once is looked at again at once
        return { refused: 'schemaMismatch', message: schemaComplaint(this.topic.name, data, result.error) };
      }
      checked = result.data;
    }
    let positions: unknown[];
    try {
      positions = toPositions(this.topic.schema, checked);
    } catch (error) {
      return { refused: 'badRequest', message: `topic "${this.topic.name}": ${reasonOf(error)}` };
    }
    return this.#emit(positions, ts, key, ttlMs ?? this.#declaration.ttlMs);
  }

  /** Through the origin, which numbers schemas. */
  redeclare(schema: z.ZodType, numbered: Schema): void {
    this.#declaration = { ...this.#declaration, schema };
    this.#untilCheck = 0;
    if (numbered === this.topic.schema) return;
    this.topic = { ...this.topic, schema: numbered };
    this.#backplane.redeclare(this.topic);
  }

  /** Takes a row off; harmless when it is not there, yet told to all. */
  remove(key: string, ts: Micros): PublishOutcome {
    return this.#keyFault(key) ?? this.#emit(undefined, ts, key);
  }

  #emit(values: readonly unknown[] | undefined, ts: Micros, key: string | undefined, ttlMs?: number): PublishOutcome {
    const seq = ++this.#seq;
    if (key !== undefined) this.#rowTimes?.set(key, ttlMs);
    this.#backplane.publish({ topic: this.topic, seq, ts, values, key });
    return { seq };
  }

  #keyFault(key: string | undefined): Refusal | undefined {
    const { name, kind } = this.topic;
    if (kind === 'keyed') {
      if (typeof key === 'string' && key.length > 0 && key.length <= maxKeyLength && isWellFormed(key))
        return undefined;
      const message = `key of keyed topic "${name}" must be valid text of 1 to ${maxKeyLength} characters, got ${show(key)}`;
      return { refused: 'badRequest', message };
    }
    if (key === undefined) return undefined;
    return { refused: 'badRequest', message: `topic "${name}" is ${kind}, so it takes no key, got ${show(key)}` };
  }
}

function ttlFault(name: string, kind: TopicKind, ttlMs: number | undefined): Refusal | undefined {
  if (ttlMs === undefined) return undefined;
  if (kind !== 'keyed') {
    return { refused: 'badRequest', message: `topic "${name}" is ${kind}, so it takes no ttlMs, got ${show(ttlMs)}` };
  }
  if (Number.isInteger(ttlMs) && ttlMs >= 1 && ttlMs <= ttlLimits.maxMs) return undefined;
  const message = `ttlMs on topic "${name}" must be a whole number from 1 to ${ttlLimits.maxMs}, got ${show(ttlMs)}`;
  return { refused: 'badRequest', message };
}

const maxKeyLength = 255; // as long as a MessagePack map key may be

/** Names the first field that is wrong and what it holds; the rest is counted. */
function schemaComplaint(topic: string, data: unknown, error: z.ZodError): string {
  const [first, ...more] = error.issues;
  if (first === undefined) return `topic "${topic}": data does not fit the schema`;
  const path = first.path.join('.') || 'data';
  const value = first.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step],
    data,
  );
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `topic "${topic}": ${path}: ${first.message}, got ${show(value)}${others}`;
}

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`; // JSON has no NaN
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'nothing';
  } catch {
    json = typeof value; // cycles and bigints inside: naming the type is enough here
  }
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
