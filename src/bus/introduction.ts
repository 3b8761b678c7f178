/** The frames that make a topic known on a stream: its schema, its name, and the state to begin from. */

import type { FrameOf, ServerFrame, SnapshotRow } from '../protocol/index.ts';
import type { Cell } from './cell.ts';

const rowsPerSnapshot = 64; // keeps a part of a long table within one message of usual size

/** SCHEMA, unless `told` has it, and TOPIC. `stream` is 0 where topics go plainly. */
export function* introduction(cell: Cell, stream: number, told: Set<number>): Iterable<ServerFrame> {
  const { id, fields } = cell.schema;
  if (!told.has(id)) yield { op: 'schema', schema: id, fields };
  told.add(id);
  const { name, epoch, kind, maxSilenceMs } = cell.state.topic;
  yield {
    op: 'topic',
    tid: cell.tid,
    name,
    epoch,
    schema: id,
    kind,
    ...(maxSilenceMs !== undefined && { maxSilenceMs }),
    ...(stream !== 0 && { stream }),
  };
}

/** How `since` was met, where it was asked. */
export type Recovery = { readonly recovered: boolean; readonly code?: number };

/** A position without values. */
export function positionFrame(cell: Cell, seq: number, recovery?: Recovery): FrameOf<ServerFrame, 'snapshot'> {
  const { ts } = cell.state;
  return { op: 'snapshot', tid: cell.tid, seq, ts, last: true, rows: [], ...recovery };
}

/** The topic's whole state as the stream shows it; at least one part, the last one marked. */
export function* snapshot(cell: Cell, recovery?: Recovery): Iterable<FrameOf<ServerFrame, 'snapshot'>> {
  const rows = snapshotRows(cell);
  const { tid, state } = cell;
  const { seq, ts } = state;
  for (let at = 0; at === 0 || at < rows.length; at += rowsPerSnapshot) {
    const end = at + rowsPerSnapshot;
    const last = end >= rows.length;
    yield { op: 'snapshot', tid, seq, ts, last, rows: rows.slice(at, end), ...recovery };
  }
}

/** Rows as they are now, through the stream's filter and fields. */
export function snapshotRows(cell: Cell): SnapshotRow[] {
  const { table } = cell.state;
  if (table === undefined) {
    const newest = cell.state.topic.kind === 'latest' ? cell.newest : undefined;
    return newest === undefined ? [] : [[cell.show(newest.values)]];
  }
  const rows: SnapshotRow[] = [];
  for (const { key, values } of table.rows()) {
    if (values !== undefined && cell.passes(values)) rows.push([cell.show(values), key]);
  }
  return rows;
}

export function conditionFrame({ tid, state }: Cell): FrameOf<ServerFrame, 'state'> {
  const { staleSince, ts } = state;
  return staleSince === undefined
    ? { op: 'state', tid, state: 'live', since: ts }
    : { op: 'state', tid, state: 'stale', since: staleSince };
}
