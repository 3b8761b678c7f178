/** Every topic that a pattern selects: what it is, what it said last, and how busy it is. */

import type { Message, Schema } from '../../../client/index.ts';

export type TopicEntry = {
  readonly name: string;
  kind: string;
  schema: Schema;
  seq: number;
  ts: number;
  /** Publications a second, by its numbers: also those that were left out on the way here. */
  perSec: number;
  /** Of a keyed topic: the row that changed last. */
  key: string | undefined;
  /** Undefined when that row was removed. */
  value: unknown;
};

type Counted = TopicEntry & { seqBefore: number; epoch: string };

export class TopicBook {
  /** Grows with each topic that becomes known. */
  size = 0;
  readonly #entries = new Map<string, Counted>();

  readonly hear = (message: Message): void => {
    const { topic: name, kind, schema, seq, ts, key, epoch } = message;
    const value = message.type === 'value' ? message.data : undefined;
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      this.#entries.set(name, { name, kind, schema, seq, ts, perSec: 0, key, value, seqBefore: seq, epoch });
      this.size = this.#entries.size;
      return;
    }
    if (entry.epoch !== epoch) entry.seqBefore = seq;
    Object.assign(entry, { kind, schema, seq, ts, key, value, epoch });
  };

  entry(name: string): TopicEntry | undefined {
    return this.#entries.get(name);
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Counts what came in these seconds. */
  measure(seconds: number): void {
    for (const entry of this.#entries.values()) {
      entry.perSec = Math.max(0, entry.seq - entry.seqBefore) / seconds;
      entry.seqBefore = entry.seq;
    }
  }
}
