/** Brings a subscriber from a position on a topic to its present: newest values, missed events, and every hole announced. */

import type { ServerFrame, SkipReason } from '../protocol/index.ts';
import type { Cell } from './cell.ts';
import { snapshot } from './introduction.ts';
import type { Ledger } from './ledger.ts';
import type { Row } from './table.ts';

/** How far a subscriber has been told, and how many publications up to there did not match. */
export type Reached = { seq: number; filtered: number };

/** Where the frames go and what is told of holes. `isFull`: stop as soon as the order allows. */
export type Advance = {
  readonly write: (frame: ServerFrame) => void;
  readonly isFull: () => boolean;
  readonly reason: SkipReason;
  readonly ageMs: number;
  /** Counts what became of the publications passed. */
  readonly ledger: Ledger;
};

/** Moves `reached` as far as it may; it is at the topic's present unless `isFull` came first. */
export function advance(cell: Cell, reached: Reached, by: Advance): void {
  const before = reached.seq;
  if (before >= cell.state.seq) return;
  switch (cell.state.topic.kind) {
    case 'latest':
      advanceLatest(cell, reached, by);
      break;
    case 'event':
      advanceEvents(cell, reached, by);
      break;
    case 'keyed':
      advanceRows(cell, reached, by);
      break;
    case 'ephemeral': {
      const filtered = cell.filteredSeen - reached.filtered;
      skip(cell, reached, cell.state.seq, cell.state.seq - before - filtered, by);
      break;
    }
    default:
      unreachable(cell.state.topic.kind);
  }
  if (reached.seq === cell.state.seq) reached.filtered = cell.filteredSeen;
  by.ledger.published += reached.seq - before;
}

/** The newest value that matches, the hole before it, and what did not match since. */
function advanceLatest(cell: Cell, reached: Reached, by: Advance): void {
  const { state, newest } = cell;
  if (newest !== undefined && newest.seq > reached.seq) {
    const filtered = cell.filteredSeen - reached.filtered - (state.seq - newest.seq);
    const hole = newest.seq - 1 - reached.seq;
    skip(cell, reached, newest.seq - 1, hole - filtered, by);
    deliver(
      { op: 'data', tid: cell.tid, seq: newest.seq, ts: newest.ts, values: cell.show(newest.values) },
      reached,
      by,
    );
  }
  skip(cell, reached, state.seq, 0, by);
}

/** Each in its order from history; what history has lost is a gap. */
function advanceEvents(cell: Cell, reached: Reached, by: Advance): void {
  const { state, tid } = cell;
  const { history } = state;
  const first = history === undefined || history.length === 0 ? state.seq + 1 : history.firstSeq;
  if (first > reached.seq + 1) {
    by.write({ op: 'gap', tid, from: reached.seq + 1, to: first - 1, reason: 'history' });
    by.ledger.missed += first - 1 - reached.seq;
    reached.seq = first - 1;
  }
  for (let seq = reached.seq + 1; seq <= state.seq && !by.isFull(); seq++) {
    const publication = history?.at(seq);
    if (publication?.values === undefined || !cell.passes(publication.values)) continue;
    skip(cell, reached, seq - 1, 0, by);
    deliver({ op: 'data', tid, seq, ts: publication.ts, values: cell.show(publication.values) }, reached, by);
  }
  if (!by.isFull()) skip(cell, reached, state.seq, 0, by);
}

/** The rows that changed, in the order of their last change; all rows where it is not known which ones did. */
function advanceRows(cell: Cell, reached: Reached, by: Advance): void {
  const { state } = cell;
  const changes = cell.isFiltered ? undefined : state.table?.changesSince(reached.seq);
  if (changes === undefined) {
    const filtered = cell.filteredSeen - reached.filtered;
    skip(cell, reached, state.seq, state.seq - reached.seq - filtered, by);
    for (const part of snapshot(cell)) by.write(part);
    return;
  }
  for (const row of changes) {
    if (by.isFull()) return;
    skip(cell, reached, row.seq - 1, row.seq - 1 - reached.seq, by);
    deliver(rowFrame(cell, row), reached, by);
  }
  skip(cell, reached, state.seq, state.seq - reached.seq, by);
}

function rowFrame(cell: Cell, { key, values, seq, ts }: Row): ServerFrame & { seq: number } {
  const { tid } = cell;
  if (values === undefined) return { op: 'remove', tid, seq, ts, key };
  return { op: 'data', tid, seq, ts, values: cell.show(values), key };
}

function deliver(frame: ServerFrame & { seq: number }, reached: Reached, by: Advance): void {
  by.write(frame);
  by.ledger.delivered++;
  reached.seq = frame.seq;
}

/** Announces that nothing of `reached` + 1 to `to` comes: `count` for the reason, the others for not matching. */
export function skip(cell: Cell, reached: Reached, to: number, count: number, by: Advance): void {
  const from = reached.seq + 1;
  if (to < from) return;
  const mark = { op: 'mark', tid: cell.tid, from, to } as const;
  if (count > 0) by.write({ ...mark, count, reason: by.reason, ageMs: by.ageMs });
  else by.write({ ...mark, count: to - reached.seq, reason: 'filter', ageMs: by.ageMs });
  by.ledger.conflated += count;
  by.ledger.filtered += to - reached.seq - count;
  reached.seq = to;
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled kind ${JSON.stringify(value)}`);
}
