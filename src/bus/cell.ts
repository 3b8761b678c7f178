/** One topic as one stream shows it. */

import type { Micros, Schema } from '../protocol/index.ts';
import type { TopicState } from './topic-state.ts';

export type Newest = { readonly seq: number; readonly ts: Micros; readonly values: readonly unknown[] };

/** What catching up needs to know of a topic on a stream, whatever the stream's view is. */
export type Cell = {
  readonly state: TopicState;
  /** The number that the stream's frames name it by. */
  readonly tid: number;
  /** Of the values as the stream shows them. */
  readonly schema: Schema;
  /** Everything up to here was told to the stream's members, or is told with its next message. */
  readonly sentSeq: number;
  /** How many publications did not match, of all and of those up to `sentSeq`. */
  readonly filteredSeen: number;
  readonly filteredSent: number;
  readonly isFiltered: boolean;
  /** The last publication that matched, of a topic that keeps one value. */
  readonly newest: Newest | undefined;
  /** What another stream with the same filter knows, which may be older than this one. */
  learn(newest: Newest | undefined): void;
  passes(values: readonly unknown[]): boolean;
  /** The fields that the stream shows. */
  show(values: readonly unknown[]): readonly unknown[];
};

/** A topic as plain streams show it: whole. One serves them all. */
export class PlainCell implements Cell {
  readonly state: TopicState;
  readonly filteredSeen = 0;
  readonly filteredSent = 0;
  readonly isFiltered = false;

  constructor(state: TopicState) {
    this.state = state;
  }

  get tid(): number {
    return this.state.topic.tid;
  }

  get schema(): Schema {
    return this.state.topic.schema;
  }

  get sentSeq(): number {
    return this.state.seq;
  }

  get newest(): Newest | undefined {
    const { topic, seq, ts, values } = this.state;
    return topic.kind === 'latest' && values !== undefined ? { seq, ts, values } : undefined;
  }

  learn(): void {}

  passes(): boolean {
    return true;
  }

  show(values: readonly unknown[]): readonly unknown[] {
    return values;
  }
}
