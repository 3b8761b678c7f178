/** A stream with a view of its own: filtered, at its own rate, in its own fields, as changes where that is shorter. */

import { patchOf, type ServerFrame } from '../protocol/index.ts';
import { type Advance, advance, skip } from './advance.ts';
import type { Cell } from './cell.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import { OutboundBatch } from './outbound-batch.ts';
import type { Publication } from './publication.ts';
import { Stream, type StreamParts } from './stream.ts';
import type { Row } from './table.ts';
import type { TopicState } from './topic-state.ts';
import type { Sent, ViewCell } from './view-cell.ts';

export type ViewStreamParts = StreamParts & {
  readonly number: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** It has something to say: flush it at the end of this turn. */
  readonly speak: (stream: ViewStream) => void;
  /** Counts an encoded frame. */
  readonly onEncode: () => void;
};

const announceFilteredMs = 1000; // members of a stream where nothing matches still learn that the topic goes on
const fullEveryPatches = 100; // bounds how far back a reader of recorded frames must look for a whole value

export class ViewStream extends Stream {
  readonly number: number;
  protected readonly batch: OutboundBatch;
  readonly #parts: ViewStreamParts;
  readonly #intervalMs: number | undefined;
  readonly #cells = new Map<TopicState, ViewCell>();
  /** Cells with something untold. */
  readonly #due = new Set<ViewCell>();
  #lastTickAt = Number.NEGATIVE_INFINITY;
  #tick: 'none' | 'this turn' | (() => void) = 'none';

  constructor(parts: ViewStreamParts) {
    super(parts);
    this.#parts = parts;
    this.number = parts.number;
    const { maxRate, encoding } = parts.view;
    this.#intervalMs = maxRate === undefined ? undefined : 1000 / maxRate;
    this.batch = new OutboundBatch(encoding, (message) => {
      this.lastSentAt = performance.now();
      parts.send(message, this.attached);
    });
  }

  get isSettled(): boolean {
    return this.#due.size === 0 && this.batch.isEmpty;
  }

  get pending(): number {
    let pending = 0;
    for (const { state, sentSeq } of this.#due) pending += state.seq - sentSeq;
    return pending;
  }

  get pendingSince(): number | undefined {
    let first: number | undefined;
    for (const { pendingSince = Number.POSITIVE_INFINITY } of this.#due)
      first = Math.min(first ?? pendingSince, pendingSince);
    return first;
  }

  override cellOf(state: TopicState): Cell | undefined {
    return this.#cells.get(state);
  }

  /** Before the first member joins, and for topics born later. */
  addCell(cell: ViewCell): void {
    this.#cells.set(cell.state, cell);
  }

  /** A publication that the topic's state holds already. */
  accept(cell: ViewCell, publication: Publication): void {
    this.published++;
    this.touched();
    const verdict = cell.judge(publication);
    const { kind } = cell.state.topic;
    if (verdict === 'matches' && (this.#intervalMs === undefined || kind === 'event')) this.#tellNow(cell, publication);
    else this.#postpone(cell);
  }

  flush(): void {
    if (this.#tick === 'this turn') this.#tellAll();
    this.batch.flush();
  }

  settle(): void {
    if (this.#intervalMs === undefined && this.#due.size > 0) this.#tellAll();
    this.flush();
  }

  /** Its last member left. */
  drop(): void {
    if (typeof this.#tick === 'function') this.#tick();
    this.#tick = 'none';
  }

  #tellNow(cell: ViewCell, publication: Publication): void {
    const { seq, ts, values, key } = publication;
    const { tid } = cell;
    const by = this.#advanceBy(cell);
    const reached = { seq: cell.sentSeq, filtered: cell.filteredSent };
    if (this.isQuiet) this.#parts.speak(this);
    skip(cell, reached, seq - 1, 0, by);
    const shown = values !== undefined && cell.passes(values) ? cell.show(values) : undefined;
    if (key !== undefined) this.#tellRow(cell, { key, values: shown, seq, ts }, by);
    else if (shown !== undefined) by.write(this.#valueFrame(cell, '', { seq, ts, values: shown }, { tid }));
    by.ledger.delivered++;
    this.#told(cell, by.ledger);
  }

  /** The filter's holes may wait a little; what is conflated waits for the stream's beat. */
  #postpone(cell: ViewCell): void {
    cell.pendingSince ??= this.#parts.now();
    this.#due.add(cell);
    if (this.#tick !== 'none') return;
    const waitMs =
      this.#intervalMs === undefined ? announceFilteredMs : this.#lastTickAt + this.#intervalMs - this.#parts.now();
    if (waitMs <= 0) {
      this.#lastTickAt = Number.NEGATIVE_INFINITY; // nothing was due, so this one is not late
      this.#tick = 'this turn';
      this.#parts.speak(this);
      return;
    }
    this.#tick = this.#parts.after(waitMs, () => {
      this.#tick = 'this turn';
      this.#parts.speak(this);
    });
  }

  #tellAll(): void {
    if (typeof this.#tick === 'function') this.#tick();
    this.#tick = 'none';
    this.#beat();
    for (const cell of this.#due) this.#tell(cell);
    this.#due.clear();
  }

  /** On a grid, so that being late once does not lower the rate. */
  #beat(): void {
    const now = this.#parts.now();
    const dueAt = this.#lastTickAt + (this.#intervalMs ?? 0);
    this.#lastTickAt = now - dueAt < (this.#intervalMs ?? 0) ? dueAt : now;
  }

  #tell(cell: ViewCell): void {
    const by = this.#advanceBy(cell);
    const reached = { seq: cell.sentSeq, filtered: cell.filteredSent };
    const { kind } = cell.state.topic;
    if (kind === 'keyed') this.#tellRows(cell, reached, by);
    else if (kind === 'event') skip(cell, reached, cell.state.seq, 0, by);
    else this.#tellNewest(cell, reached, by);
    this.#told(cell, by.ledger);
  }

  #tellNewest(cell: ViewCell, reached: { seq: number }, by: Advance): void {
    const { newest, state, tid } = cell;
    if (newest !== undefined && newest.seq > reached.seq) {
      const filteredBefore = cell.filteredSeen - cell.filteredSent - (state.seq - newest.seq);
      const hole = newest.seq - 1 - reached.seq;
      const at = { seq: reached.seq, filtered: 0 };
      skip(cell, at, newest.seq - 1, hole - filteredBefore, by);
      const values = cell.show(newest.values);
      by.write(this.#valueFrame(cell, '', { seq: newest.seq, ts: newest.ts, values }, { tid }));
      by.ledger.delivered++;
      reached.seq = newest.seq;
    }
    skip(cell, { seq: reached.seq, filtered: 0 }, state.seq, 0, by);
  }

  /** Like catching up, but knowing which rows members hold, and what they hold of them. */
  #tellRows(cell: ViewCell, reached: { seq: number; filtered: number }, by: Advance): void {
    const { state, pendingFiltered } = cell;
    const changes = state.table?.changesSince(reached.seq);
    if (changes === undefined) {
      advance(cell, reached, by);
      this.#holdsSnapshot(cell);
      return;
    }
    let at = 0;
    const skipTo = (to: number) => {
      const from = at;
      while ((pendingFiltered[at] ?? Number.POSITIVE_INFINITY) <= to) at++;
      skip(cell, reached, to, to - reached.seq - (at - from), by);
    };
    for (const row of changes) {
      const values = row.values !== undefined && cell.passes(row.values) ? cell.show(row.values) : undefined;
      if (values === undefined && cell.isFiltered && cell.sent?.has(row.key) !== true) continue;
      skipTo(row.seq - 1);
      this.#tellRow(cell, { ...row, values }, by);
      by.ledger.delivered++;
      reached.seq = row.seq;
    }
    skipTo(state.seq);
  }

  #tellRow(cell: ViewCell, { key, values, seq, ts }: Row, by: Advance): void {
    const { tid } = cell;
    if (values === undefined) {
      cell.sent?.delete(key);
      by.write({ op: 'remove', tid, seq, ts, key });
    } else {
      by.write(this.#valueFrame(cell, key, { seq, ts, values }, { tid, key }));
    }
  }

  /** PATCH where the view wants deltas, a base is held, and it is shorter. */
  #valueFrame(
    cell: ViewCell,
    slot: string,
    { seq, ts, values }: { seq: number; ts: number; values: readonly unknown[] },
    place: { tid: number; key?: string },
  ): ServerFrame {
    const { sent } = cell;
    if (sent === undefined) return { op: 'data', seq, ts, values, ...place };
    const before = sent.get(slot);
    const changes = this.#changes(before, values);
    sent.set(slot, { seq, values, patches: changes === undefined ? 0 : (before?.patches ?? 0) + 1 });
    if (before === undefined || changes === undefined) return { op: 'data', seq, ts, values, ...place };
    return { op: 'patch', seq, ts, base: before.seq, changes, ...place };
  }

  #changes(before: Sent | undefined, values: readonly unknown[]): unknown[] | undefined {
    if (this.view.delta === undefined || before === undefined || before.patches >= fullEveryPatches) return undefined;
    return patchOf(before.values, values);
  }

  #holdsSnapshot(cell: ViewCell): void {
    const { sent, state } = cell;
    if (sent === undefined) return;
    sent.clear();
    for (const { key, values, seq } of state.table?.rows() ?? []) {
      if (values !== undefined && cell.passes(values)) sent.set(key, { seq, values: cell.show(values), patches: 0 });
    }
  }

  #told(cell: ViewCell, ledger: Ledger): void {
    cell.told();
    this.#due.delete(cell);
    this.delivered += ledger.delivered;
    this.conflated += ledger.conflated;
    this.filtered += ledger.filtered;
    this.fates.add(ledger, 'rate', this.attached);
  }

  #advanceBy(cell: ViewCell): Advance {
    const since = cell.pendingSince;
    return {
      write: (frame) => {
        this.#parts.onEncode();
        this.say(this.codec.encode(frame));
      },
      isFull: () => false,
      reason: 'rate',
      ageMs: since === undefined ? 0 : Math.round(this.#parts.now() - since),
      ledger: emptyLedger(),
    };
  }
}
