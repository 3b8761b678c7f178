/** One topic on a stream with a view of its own: what of it matched, what members hold, what is still to be told. */

import type { Schema } from '../protocol/index.ts';
import type { Cell, Newest } from './cell.ts';
import type { Projection } from './projection.ts';
import type { Publication } from './publication.ts';
import type { TopicState } from './topic-state.ts';
import { moved, turned } from './turned.ts';
import type { View } from './view.ts';

/** What becomes of one publication on this stream. */
export type Verdict = 'matches' | 'filtered';

/** What members hold of a value or row, with the frame that brought it. */
export type Sent = { readonly seq: number; readonly values: readonly unknown[]; readonly patches: number };

export class ViewCell implements Cell {
  readonly state: TopicState;
  readonly tid: number;
  schema: Schema;
  readonly isFiltered: boolean;
  sentSeq: number;
  filteredSeen = 0;
  filteredSent = 0;
  newest: Newest | undefined;
  /** Whether something past `sentSeq` waits to be told, and since when (monotonic milliseconds). */
  pendingSince: number | undefined;
  /** What did not match past `sentSeq`, one by one: on a keyed topic only the numbers tell which hole they fall in. */
  readonly pendingFiltered: number[] = [];
  /** By key, '' for a topic with one value; kept where deltas or a filter need it. */
  readonly sent: Map<string, Sent> | undefined;
  readonly #filter: View['filter'];
  #test: ((values: readonly unknown[]) => boolean) | undefined;
  #projection: Projection | undefined;

  /** `projection`: undefined for all fields. */
  constructor(state: TopicState, tid: number, { filter, delta }: View, projection: Projection | undefined) {
    this.state = state;
    this.tid = tid;
    this.schema = projection?.schema ?? state.topic.schema;
    this.isFiltered = filter !== undefined;
    this.sentSeq = state.seq;
    this.#filter = filter;
    this.#test = filter?.testOf(state.topic.schema);
    this.#projection = projection;
    const { kind } = state.topic;
    const isKeyed = kind === 'keyed';
    if ((isKeyed && this.isFiltered) || (delta && (isKeyed || kind === 'latest'))) this.sent = new Map();
    this.#beginWithPresent();
  }

  /** The topic's state is in another schema now, which was `former`. What members hold they move by names, as here. */
  redeclare(former: Schema, projection: Projection | undefined): void {
    const { schema } = this.state.topic;
    const [turn, shownBefore] = [turned(former, schema), this.schema];
    this.schema = projection?.schema ?? schema;
    this.#test = this.#filter?.testOf(schema);
    this.#projection = projection;
    if (this.newest !== undefined) this.newest = { ...this.newest, values: turn(this.newest.values) };
    const move = moved(shownBefore, this.schema);
    for (const [key, sent] of this.sent ?? []) {
      this.sent?.set(key, { ...sent, values: move(sent.values), patches: Number.POSITIVE_INFINITY }); // whole the next time
    }
  }

  learn(newest: Newest | undefined): void {
    if (newest !== undefined && newest.seq > (this.newest?.seq ?? 0)) this.newest = newest;
  }

  passes(values: readonly unknown[]): boolean {
    return this.#test === undefined || this.#test(values);
  }

  show(values: readonly unknown[]): readonly unknown[] {
    return this.#projection === undefined ? values : this.#projection.of(values);
  }

  /** Notes a publication that the topic's state holds already. */
  judge(publication: Publication): Verdict {
    const { seq, ts, values, key } = publication;
    const matches = this.#matches(values, key);
    if (!matches) {
      this.filteredSeen++;
      if (key !== undefined) this.pendingFiltered.push(seq);
    } else if (values !== undefined && key === undefined && this.state.topic.kind !== 'event') {
      this.newest = { seq, ts, values };
    }
    return matches ? 'matches' : 'filtered';
  }

  /** Everything up to the topic's present has been told. */
  told(): void {
    this.sentSeq = this.state.seq;
    this.filteredSent = this.filteredSeen;
    this.pendingSince = undefined;
    this.pendingFiltered.length = 0;
  }

  /** A row that members hold concerns them until they know that it no longer matches, or is gone. */
  #matches(values: readonly unknown[] | undefined, key: string | undefined): boolean {
    if (!this.isFiltered) return true;
    if (values !== undefined && this.passes(values)) return true;
    return key !== undefined && this.sent?.has(key) === true;
  }

  /** Members join with a snapshot, so what it holds is what they hold. */
  #beginWithPresent(): void {
    const { state } = this;
    if (state.topic.kind === 'latest') this.newest = this.#lastMatch();
    if (this.newest !== undefined) {
      const { seq, values } = this.newest;
      this.sent?.set('', { seq, values: this.show(values), patches: 0 });
    }
    if (this.sent === undefined || state.table === undefined) return;
    for (const row of state.table.rows()) {
      if (row.values === undefined || !this.passes(row.values)) continue;
      this.sent.set(row.key, { seq: row.seq, values: this.show(row.values), patches: 0 });
    }
  }

  /** As far as is known: the present one, or one that is still in history. */
  #lastMatch(): Newest | undefined {
    const { seq, ts, values, history } = this.state;
    if (values !== undefined && this.passes(values)) return { seq, ts, values };
    for (let at = seq - 1; at > 0; at--) {
      const publication = history?.at(at);
      if (publication?.values === undefined) return undefined;
      const { ts, values } = publication;
      if (this.passes(values)) return { seq: at, ts, values };
    }
    return undefined;
  }
}
