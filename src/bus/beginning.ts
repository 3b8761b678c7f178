/** Where a subscriber begins on a topic: at its present, some way back, behind what it has seen, or where another left off. */

import { errorCodes, type Position, type Since } from '../protocol/index.ts';
import { type Advance, type Reached, skip } from './advance.ts';
import type { Cell } from './cell.ts';
import { positionFrame, type Recovery, snapshot } from './introduction.ts';
import type { TopicState } from './topic-state.ts';

export type Start = {
  /** Begin with the state, not only with the position. */
  readonly withRows: boolean;
  readonly since?: Since | undefined;
  /** Goes on from another member of the same subscriber. */
  readonly from?: ReadonlyMap<TopicState, number> | undefined;
  /** With `from`: the values look different now, so what the subscriber holds must be told anew. */
  readonly refresh?: boolean;
};

/** Writes the SNAPSHOT that a topic begins with and returns its position; what lies between it and now is for `advance`. */
export function begin(cell: Cell, start: Start, by: Advance): Reached {
  const former = start.from?.get(cell.state);
  if (former !== undefined) return goOn(cell, former, start.refresh === true, by);
  const { since } = start;
  if (since === undefined) return atPresent(cell, start.withRows, by);
  if ('positions' in since) return behind(cell, since.positions[cell.state.topic.name], start.withRows, by);
  return back(cell, since, start.withRows, by);
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

function goOn(cell: Cell, former: number, isOther: boolean, by: Advance): Reached {
  const { seq, topic } = cell.state;
  if (topic.kind === 'event' || (former === seq && !isOther)) return at(cell, former, by);
  by.ledger.published += seq - former;
  by.ledger.conflated += seq - former; // the snapshot stands for them
  return atPresent(cell, true, by);
}

/** Some publications back, or at a time, as far as history goes. */
function back(cell: Cell, since: { last: number } | { ts: number }, withRows: boolean, by: Advance): Reached {
  const { history, seq, topic } = cell.state;
  if (history === undefined || history.length === 0 || topic.kind === 'keyed') return atPresent(cell, withRows, by);
  const wanted = 'last' in since ? seq - since.last + 1 : history.firstSeqSince(since.ts);
  const first = Math.max(wanted, history.firstSeq);
  const reached = at(cell, first - 1, by);
  if (topic.kind === 'event') return reached;
  for (const publication of history.from(first)) {
    const { ts, values } = publication;
    if (values === undefined || !cell.passes(values)) continue;
    replaySkip(cell, reached, publication.seq - 1, by);
    by.write({ op: 'data', tid: cell.tid, seq: publication.seq, ts, values: cell.show(values) });
    reached.seq = publication.seq;
  }
  replaySkip(cell, reached, seq, by);
  return reached;
}

/** What is told of the time before the subscription is in nobody's ledger. */
function replaySkip(cell: Cell, reached: Reached, to: number, by: Advance): void {
  const before = { ...by.ledger };
  skip(cell, reached, to, 0, by);
  Object.assign(by.ledger, before);
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
  if (seen === seq) return at(cell, seq, by, { recovered: true });
  if (!isEvent) return atPresent(cell, withRows, by, failed('historyTooShort'));
  const reachesBack = history !== undefined && history.length > 0 && history.firstSeq <= seen + 1;
  return at(cell, seen, by, reachesBack ? { recovered: true } : failed('historyTooShort'));
}

function failed(why: 'otherEpoch' | 'futurePosition' | 'historyTooShort'): Recovery {
  return { recovered: false, code: errorCodes[why].code };
}
