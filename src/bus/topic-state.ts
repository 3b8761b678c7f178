/** What the hub knows of a topic now: its position, its last value or rows, and what it keeps of the past. */

import type { Micros } from '../protocol/index.ts';
import type { HistoryLog } from './history.ts';
import type { Publication, Topic } from './publication.ts';
import { Table } from './table.ts';
import { turned } from './turned.ts';

export class TopicState {
  topic: Topic;
  seq = 0;
  /** Event time of the last publication, 0 before the first. */
  ts: Micros = 0;
  /** Where its last publication stands among all of the hub's. */
  ordinal = 0;
  /** Of the last publication; undefined before the first, and where the topic's kind keeps none. */
  values: readonly unknown[] | undefined;
  /** The rows of a keyed topic. */
  readonly table: Table | undefined;
  readonly history: HistoryLog | undefined;
  /** Since when it is silent for longer than it should be. */
  staleSince: Micros | undefined;
  /** Higher after each change between live and stale. */
  conditionVersion = 0;

  constructor(topic: Topic, history?: HistoryLog) {
    this.topic = topic;
    this.history = history;
    this.table = topic.kind === 'keyed' ? new Table() : undefined;
  }

  /** From now on in another schema, and so is all that is held. */
  redeclare(topic: Topic): void {
    const turn = turned(this.topic.schema, topic.schema);
    this.topic = topic;
    this.values = this.values && turn(this.values);
    this.table?.turn(turn);
    this.history?.turn(turn, topic);
  }

  apply(publication: Publication, ordinal: number): void {
    const { seq, ts, values, key } = publication;
    this.seq = seq;
    this.ts = ts;
    this.ordinal = ordinal;
    this.history?.append(publication);
    if (this.table === undefined) {
      if (this.topic.kind !== 'ephemeral') this.values = values;
    } else if (key !== undefined) {
      if (values === undefined) this.table.remove(key, seq, ts);
      else this.table.set(key, values, seq, ts);
    }
  }
}
