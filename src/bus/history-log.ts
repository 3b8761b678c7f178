/** The newest publications of one topic, oldest first, their numbers without a hole. */

import type { HistoryQuery, Micros } from '../protocol/index.ts';
import type { Publication, Topic } from './publication.ts';
import { estimateBytes } from './publication-bytes.ts';
import type { Turn } from './turned.ts';

/** Whichever is reached first. */
export type HistoryLimits = { readonly maxCount: number; readonly maxBytes: number; readonly maxAgeMs: number };

/** What may go into one page, whatever was asked for. */
export type PageCap = { readonly limit: number; readonly bytes: number };

/** `more`: there is a next page in this direction. */
export type Page = { readonly items: readonly Publication[]; readonly more: boolean };

/** What holds the histories of a process together. */
export type HistoryHolder = {
  /** Monotonic milliseconds, as of the last look. */
  readonly nowMs: number;
  resized(log: HistoryLog, byBytes: number): void;
};

const leastCapacity = 8; // slots; doubles as it fills, halves when three quarters are empty
const usualPage = 100; // publications, where the query does not say

/** What one `append` costs does not depend on how much is kept. Made by a HistoryStore. */
export class HistoryLog {
  readonly limits: HistoryLimits;
  /** Where the store has it. */
  place = -1;
  readonly #holder: HistoryHolder;
  /** Three columns of one ring. */
  #publications: (Publication | undefined)[] = [];
  #sizes: number[] = [];
  #arrivals: number[] = [];
  #head = 0;
  #length = 0;
  #bytes = 0;
  #lastSeq = 0;

  constructor(limits: HistoryLimits, holder: HistoryHolder) {
    this.limits = limits;
    this.#holder = holder;
  }

  get length(): number {
    return this.#length;
  }

  /** Estimated, of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** 0 when it is empty. */
  get firstSeq(): number {
    return this.#length === 0 ? 0 : this.#lastSeq - this.#length + 1;
  }

  /** Of the last one appended, also when that is no longer kept; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** One that does not follow the last begins anew. */
  append(publication: Publication): void {
    const before = this.#bytes;
    if (publication.seq !== this.#lastSeq + 1) while (this.#length > 0) this.dropOldest();
    if (this.#length === this.#publications.length) this.#resize(Math.max(leastCapacity, 2 * this.#length));
    const slot = this.#slot(this.#length++);
    const bytes = estimateBytes(publication);
    this.#publications[slot] = publication;
    this.#sizes[slot] = bytes;
    this.#arrivals[slot] = this.#holder.nowMs;
    this.#bytes += bytes;
    this.#lastSeq = publication.seq;
    const { maxCount, maxBytes } = this.limits;
    while (this.#length > maxCount || this.#bytes > maxBytes) this.dropOldest();
    this.#holder.resized(this, this.#bytes - before);
  }

  /** Everything that is kept, in another schema of its topic. What it takes in memory counts as before. */
  turn(turn: Turn, topic: Topic): void {
    for (const [slot, publication] of this.#publications.entries()) {
      if (publication === undefined) continue;
      this.#publications[slot] = { ...publication, topic, values: publication.values && turn(publication.values) };
    }
  }

  at(seq: number): Publication | undefined {
    const index = seq - this.firstSeq;
    return index >= 0 && index < this.#length ? this.#publications[this.#slot(index)] : undefined;
  }

  /** This one and all after it, of those that are kept now; to be read before anything else is appended. */
  *from(seq: number): Iterable<Publication> {
    const last = this.#lastSeq;
    for (let at = Math.max(seq, this.firstSeq); at <= last; at++) {
      const publication = this.at(at);
      if (publication !== undefined) yield publication;
    }
  }

  /** Of the first one kept whose event time is `ts` or later; one more than `lastSeq` when there is none. */
  firstSeqSince(ts: Micros): number {
    for (const publication of this.from(0)) if (publication.ts >= ts) return publication.seq;
    return this.#lastSeq + 1;
  }

  /** Of one publication at least, however large, where any is left. */
  page(
    { after = 0, before = Number.POSITIVE_INFINITY, since = 0, limit = usualPage, reverse }: HistoryQuery,
    cap: PageCap,
  ): Page {
    const first = Math.max(this.firstSeq, after + 1);
    const last = Math.min(this.#lastSeq, before - 1);
    const items: Publication[] = [];
    let bytes = 0;
    for (let n = 0; n <= last - first; n++) {
      const seq = reverse === true ? last - n : first + n;
      const publication = this.at(seq);
      if (publication === undefined || publication.ts < since) continue;
      bytes += this.#sizes[this.#slot(seq - this.firstSeq)] ?? 0;
      const isFull = items.length >= Math.min(limit, cap.limit) || (items.length > 0 && bytes > cap.bytes);
      if (isFull) return { items, more: true };
      items.push(publication);
    }
    return { items, more: false };
  }

  /** Returns the bytes that are free now. Of the store alone: it keeps count. */
  dropOldest(): number {
    if (this.#length === 0) return 0;
    const bytes = this.#sizes[this.#head] ?? 0;
    this.#publications[this.#head] = undefined;
    this.#head = this.#slot(1);
    this.#length--;
    this.#bytes -= bytes;
    const capacity = this.#publications.length;
    if (capacity > leastCapacity && this.#length < capacity / 4) this.#resize(capacity / 2);
    return bytes;
  }

  /** The same for all that came at or before this time. */
  dropArrivedUntil(arrivalMs: number): number {
    const before = this.#bytes;
    while (this.#length > 0 && (this.#arrivals[this.#head] ?? 0) <= arrivalMs) this.dropOldest();
    return before - this.#bytes;
  }

  /** The capacity is a power of two. */
  #slot(index: number): number {
    return (this.#head + index) & (this.#publications.length - 1);
  }

  #resize(capacity: number): void {
    const slots = Array.from({ length: this.#length }, (_, index) => this.#slot(index));
    this.#publications = spread(slots, this.#publications, capacity, undefined);
    this.#sizes = spread(slots, this.#sizes, capacity, 0);
    this.#arrivals = spread(slots, this.#arrivals, capacity, 0);
    this.#head = 0;
  }
}

function spread<T>(slots: readonly number[], from: readonly T[], capacity: number, empty: T): T[] {
  const to = new Array<T>(capacity).fill(empty);
  for (const [i, slot] of slots.entries()) to[i] = from[slot] ?? empty;
  return to;
}
