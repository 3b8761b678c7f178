/** What one connection was told of its topics, added up; it goes on when the connection is cut and comes back. */

import type { LedgerSums } from '../report.ts';
import { TidTable } from './tid-table.ts';
import type { TopicLife, TopicLives } from './topic-lives.ts';

export type Holding = {
  readonly life: TopicLife;
  readonly seq: number;
};

/** `told`: the publication is new; `again`: it came before. */
export type Delivery = 'told' | 'again';

export class ConnectionAccount {
  delivered = 0;
  conflated = 0;
  missed = 0;
  lost = 0;
  duplicates = 0;
  /** The first hole that nothing announced. */
  firstLost: string | undefined;
  readonly #lives: TopicLives;
  readonly #places = new TidTable();
  #count = 0;
  #countAtCut = 0;
  /** The place of the topic that comes back next, most likely. */
  #expected = 0;
  /** Of each topic: life, position (NaN before it is known), when the newest was due (0: not known). */
  #cells = new Float64Array(width);

  constructor(lives: TopicLives) {
    this.#lives = lives;
  }

  get topics(): number {
    return this.#count;
  }

  named(tid: number, topic: string, epoch: string): void {
    const life = this.#lives.numberOf(topic, epoch);
    const place = this.#places.get(tid) ?? this.#placeBeforeTheCut(life, topic) ?? this.#newPlace();
    if (this.#cells[place * width] !== life) this.#cells.set([life, Number.NaN, 0], place * width);
    this.#places.set(tid, place);
  }

  positioned(tid: number, seq: number): void {
    const at = this.#at(tid);
    const position = this.#cells[at + 1] as number;
    if (seq > position) this.conflated += seq - position;
    if (!(seq <= position)) this.#cells[at + 1] = seq;
  }

  published(tid: number, seq: number, dueMicros: number): Delivery {
    const at = this.#at(tid);
    const position = this.#positionAt(at);
    if (seq <= position) {
      this.duplicates++;
      return 'again';
    }
    if (seq > position + 1) this.#lose(at, position + 1, seq - 1);
    this.delivered++;
    this.#cells[at + 1] = seq;
    if (dueMicros > 0) this.#cells[at + 2] = dueMicros;
    return 'told';
  }

  skipped(tid: number, from: number, to: number): void {
    this.conflated += this.#pass(tid, from, to);
  }

  gone(tid: number, from: number, to: number): void {
    this.missed += this.#pass(tid, from, to);
  }

  /** The connection is cut: tids mean nothing any more. Positions stay, for those who come back with them. */
  cut(): void {
    this.#places.clear();
    this.#countAtCut = this.#count;
  }

  /** Topics begin anew at their next snapshot; what was added up stays. */
  forget(): void {
    this.#places.clear();
    this.#count = 0;
    this.#countAtCut = 0;
  }

  /** When the newest publication of the `place`-th topic was due; 0 before there is one. */
  newestDue(place: number): number {
    return place < this.#count ? (this.#cells[place * width + 2] as number) : 0;
  }

  /** Topics whose position is known. */
  *holdings(): Iterable<Holding> {
    for (let at = 0; at < this.#count * width; at += width) {
      const seq = this.#cells[at + 1] as number;
      if (!Number.isNaN(seq)) yield { life: this.#lives.get(this.#cells[at] as number), seq };
    }
  }

  /** With what was published and is beyond the positions held as lost. */
  sums(lastSeqOf: (topic: string) => number | undefined): LedgerSums & { readonly firstLost: string | undefined } {
    let { lost, firstLost } = this;
    for (const { life, seq } of this.holdings()) {
      const last = lastSeqOf(life.topic) ?? seq;
      if (last <= seq) continue;
      lost += last - seq;
      firstLost ??= hole(life.topic, seq + 1, last);
    }
    const { delivered, conflated, missed, duplicates } = this;
    return { delivered, conflated, missed, lost, duplicates, firstLost };
  }

  /** MARK and GAP: how many of `from` to `to` are news. */
  #pass(tid: number, from: number, to: number): number {
    const at = this.#at(tid);
    const position = this.#positionAt(at);
    if (to <= position) return 0;
    if (from > position + 1) this.#lose(at, position + 1, from - 1);
    this.#cells[at + 1] = to;
    return to - Math.max(from, position + 1) + 1;
  }

  #at(tid: number): number {
    const place = this.#places.get(tid);
    if (place === undefined) throw new RangeError(`tid ${tid} was not announced by TOPIC`);
    return place * width;
  }

  /** A topic that was born after the subscription has no snapshot: it begins with 1. */
  #positionAt(at: number): number {
    const position = this.#cells[at + 1] as number;
    return Number.isNaN(position) ? 0 : position;
  }

  #lose(at: number, from: number, to: number): void {
    this.lost += to - from + 1;
    this.firstLost ??= hole(this.#lives.get(this.#cells[at] as number).topic, from, to);
  }

  /** Where the topic was held before the connection was cut; most come back in the order in which they came first. */
  #placeBeforeTheCut(life: number, topic: string): number | undefined {
    for (let i = 0; i < this.#countAtCut; i++) {
      const place = (this.#expected + i) % this.#countAtCut;
      const held = this.#cells[place * width] as number;
      if (held !== life && this.#lives.get(held).topic !== topic) continue;
      this.#expected = place + 1;
      return place;
    }
    return undefined;
  }

  #newPlace(): number {
    const place = this.#count++;
    if (this.#count * width > this.#cells.length) this.#grow();
    this.#cells[place * width] = Number.NaN;
    return place;
  }

  #grow(): void {
    const before = this.#cells;
    this.#cells = new Float64Array(before.length * 2);
    this.#cells.set(before);
  }
}

/** Of nothing yet. */
export const noSums: LedgerSums = { delivered: 0, conflated: 0, missed: 0, lost: 0, duplicates: 0 };

export function addSums(a: LedgerSums, b: LedgerSums): LedgerSums {
  return {
    delivered: a.delivered + b.delivered,
    conflated: a.conflated + b.conflated,
    missed: a.missed + b.missed,
    lost: a.lost + b.lost,
    duplicates: a.duplicates + b.duplicates,
  };
}

const width = 3;

function hole(topic: string, from: number, to: number): string {
  return from === to ? `${topic} ${from}` : `${topic} ${from} to ${to}`;
}
