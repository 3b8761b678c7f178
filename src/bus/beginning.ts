/** Where a subscriber begins on a topic: at its present, some way back, behind what it has seen, or where another left off. */

import { errorCodes, type Position, type Since, type SkipReason } from '../protocol/index.ts';
import { type Advance, type Reached, skip } from './advance.ts';
import type { Cell, Newest } from './cell.ts';
import { positionFrame, type Recovery, snapshot } from './introduction.ts';
import type { Publication } from './publication.ts';
import type { TopicState } from './topic-state.ts';

/** Where one member left off, for the next one of the same subscriber. */
export type Handover = {
  readonly topics: ReadonlyMap<TopicState, Left>;
  /** Since when something may be untold (monotonic milliseconds), and why. */
  readonly sinceMs: number;
  readonly skips: SkipReason;
  /** What was asked for of the topics that had not yet begun. */
  readonly unmet: Unmet | undefined;
};

/** `isOutdated`: of values and rows, positions are those of another view. */
export type Unmet = { readonly since: Since; readonly isOutdated: boolean };

/**
 * `filtered`: how many publications after `seq` did not match. `newest`: the last one that did. `isOutdated`: what the
 * subscriber holds is of a view before this one.
 */
export type Left = {
  readonly seq: number;
  readonly filtered: number;
  readonly newest: Newest | undefined;
  readonly isOutdated: boolean;
};

export type Start = {
  /** Begin with the state, not only with the position. */
  readonly withRows: boolean;
  readonly since?: Since | undefined;
  /** Goes on from another member of the same subscriber. */
  readonly from?: Handover | undefined;
  /** With `from`: other values, or others of them, are shown now, so what the subscriber holds must be told anew. */
  readonly refresh?: boolean;
};

/**
 * Writes the SNAPSHOT that a topic begins with and returns its position; what lies between it and now is for `advance`.
 * `former`: where another member left off.
 */
export function begin(cell: Cell, start: Start, former: Reached | undefined, by: Advance): Reached {
  if (former !== undefined) return goOn(cell, former, isOutdated(cell, start), by);
  const { withRows } = start;
  const unmet = unmetOf(start);
  if (unmet === undefined) return atPresent(cell, withRows, by);
  const { since } = unmet;
  if (!('positions' in since)) return back(cell, since, withRows, by);
  const { kind, name } = cell.state.topic;
  if (unmet.isOutdated && kind !== 'event') return atPresent(cell, withRows, by, failed('historyTooShort'));
  return behind(cell, since.positions[name], withRows, by);
}

/** What is asked for of topics that begin now, with this member or one before it. */
export function unmetOf({ since, from, refresh = false }: Start): Unmet | undefined {
  if (since !== undefined) return { since, isOutdated: false };
  return from?.unmet && { since: from.unmet.since, isOutdated: refresh || from.unmet.isOutdated };
}

/** Whether what the subscriber holds of a topic is of no use any more. */
export function isOutdated({ state }: Cell, { refresh, from }: Start): boolean {
  return refresh === true || from?.topics.get(state)?.isOutdated === true;
}

function atPresent(cell: Cell, withRows: boolean, by: Advance, recovery?: Recovery): Reached {
  if (withRows) for (const part of snapshot(cell, recovery)) by.write(part);
  else by.write(positionFrame(cell, cell.state.seq, recovery));
  return { seq: cell.state.seq, filtered: cell.filteredSeen };
}

function at(cell: Cell, seq: number, by: Advance, recovery?: Recovery): Reached {
  by.write(positionFrame(cell, seq, recovery));
  return { seq, filtered: cell.filteredSeen };
}

function goOn(cell: Cell, former: Reached, isOther: boolean, by: Advance): Reached {
  const { seq, topic } = cell.state;
  if (topic.kind === 'event' || !isOther) {
    by.write(positionFrame(cell, former.seq));
    return former;
  }
  by.ledger.published += seq - former.seq;
  by.ledger.conflated += seq - former.seq; // the snapshot stands for them
  return atPresent(cell, true, by);
}

/** Some publications back, or at a time, as far as history goes. */
function back(cell: Cell, since: { last: number } | { ts: number }, withRows: boolean, by: Advance): Reached {
  const { history, seq, topic } = cell.state;
  if (history === undefined || history.length === 0 || topic.kind === 'keyed') return atPresent(cell, withRows, by);
  const wanted = 'last' in since ? seq - since.last + 1 : history.firstSeqSince(since.ts);
  const first = Math.max(wanted, history.firstSeq);
  if (topic.kind === 'event') return at(cell, first - 1, by);
  const hasValueInIt = cell.newest !== undefined && cell.newest.seq >= first;
  return hasValueInIt ? replay(cell, history.from(first), first - 1, by) : atPresent(cell, withRows, by);
}

/** Older values of a topic that has one; what is told counts as if it were published now. */
function replay(cell: Cell, publications: Iterable<Publication>, from: number, by: Advance): Reached {
  const reached = at(cell, from, by);
  for (const { seq, ts, values } of publications) {
    if (values === undefined || !cell.passes(values)) continue;
    skip(cell, reached, seq - 1, 0, by);
    by.write({ op: 'data', tid: cell.tid, seq, ts, values: cell.show(values) });
    by.ledger.delivered++;
    reached.seq = seq;
  }
  skip(cell, reached, cell.state.seq, 0, by);
  by.ledger.published += reached.seq - from;
  return reached;
}

/** Behind what the subscriber has seen: all that came since, or the present and the honest word that it is not all. */
function behind(cell: Cell, position: Position | undefined, withRows: boolean, by: Advance): Reached {
  const { topic, seq, history } = cell.state;
  const [epoch, seen] = position ?? [topic.epoch, 0];
  const isEvent = topic.kind === 'event';
  if (epoch !== topic.epoch) {
    const recovery = failed('otherEpoch');
    return isEvent ? at(cell, 0, by, recovery) : atPresent(cell, withRows, by, recovery);
  }
  if (seen > seq) return atPresent(cell, withRows, by, failed('futurePosition'));
  if (seen === seq && isKnown(cell)) return at(cell, seq, by, { recovered: true });
  if (!isEvent) return atPresent(cell, withRows, by, failed('historyTooShort'));
  const reachesBack = history !== undefined && history.length > 0 && history.firstSeq <= seen + 1;
  return at(cell, seen, by, reachesBack ? { recovered: true } : failed('historyTooShort'));
}

/** A stream that began after the last match of its filter can't say that what the subscriber holds is right. */
function isKnown({ state, isFiltered, newest }: Cell): boolean {
  return state.topic.kind !== 'latest' || !isFiltered || newest !== undefined || state.seq === 0;
}

function failed(why: 'otherEpoch' | 'futurePosition' | 'historyTooShort'): Recovery {
  return { recovered: false, code: errorCodes[why].code };
}
