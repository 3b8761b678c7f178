/** What the hub knows of a topic now: its position and its last value or rows. */

import type { FrameOf, ServerFrame, SnapshotRow } from '../protocol/index.ts';
import type { Publication, Topic } from './publication.ts';

const rowsPerSnapshot = 64; // keeps a part of a long table within one message of usual size

export class TopicState {
  readonly topic: Topic;
  seq = 0;
  /** Event time of the last publication, 0 before the first. */
  ts = 0;
  /** Of the last publication; undefined before the first, and where the topic's kind keeps none. */
  values: readonly unknown[] | undefined;
  readonly rows = new Map<string, readonly unknown[]>();

  constructor(topic: Topic) {
    this.topic = topic;
  }

  apply({ seq, ts, values, key }: Publication): void {
    this.seq = seq;
    this.ts = ts;
    if (this.topic.kind === 'ephemeral') return;
    if (key === undefined) this.values = values;
    else if (values === undefined) this.rows.delete(key);
    else this.rows.set(key, values);
  }

  announcement(): FrameOf<ServerFrame, 'topic'> {
    const { tid, name, epoch, schema, kind, maxSilenceMs } = this.topic;
    const frame = { op: 'topic', tid, name, epoch, schema: schema.id, kind } as const;
    return maxSilenceMs === undefined ? frame : { ...frame, maxSilenceMs };
  }

  /** The position, with every value that a newcomer should have; at least one part, the last one marked. */
  snapshot(withRows: boolean): FrameOf<ServerFrame, 'snapshot'>[] {
    const rows = withRows ? this.#snapshotRows() : [];
    const parts: FrameOf<ServerFrame, 'snapshot'>[] = [];
    const { topic, seq, ts } = this;
    for (let at = 0; at === 0 || at < rows.length; at += rowsPerSnapshot) {
      const end = at + rowsPerSnapshot;
      const last = end >= rows.length;
      parts.push({ op: 'snapshot', tid: topic.tid, seq, ts, last, rows: rows.slice(at, end) });
    }
    return parts;
  }

  #snapshotRows(): SnapshotRow[] {
    if (this.topic.kind === 'keyed') return [...this.rows].map(([key, values]): SnapshotRow => [values, key]);
    return this.topic.kind === 'latest' && this.values !== undefined ? [[this.values]] : [];
  }
}
