/** How far one subscriber is on one topic, and what became of each publication on the way. */

import type { Ledger } from './ledger.ts';

/** What may become of a publication. */
export type Fate = Exclude<keyof Ledger, 'published'>;

export class Progress {
  #seq = -1;
  #safeSeq = -1;
  #start = 0;
  #formerLives = 0;
  readonly #counts: Record<Fate, number> = { delivered: 0, conflated: 0, filtered: 0, missed: 0 };

  /** The newest publication accounted for; -1 when it has not begun. */
  get seq(): number {
    return this.#seq;
  }

  /** Up to here what the subscriber holds is the topic's state; behind it a mark may stand for values still to come. */
  get safeSeq(): number {
    return this.#safeSeq;
  }

  get hasBegun(): boolean {
    return this.#seq >= 0;
  }

  /** Counting starts here, for the first time or in the topic's next life. */
  begin(seq: number): void {
    this.#formerLives += this.#livedTo();
    this.#start = seq;
    this.#seq = seq;
    this.#safeSeq = seq;
  }

  /** The very next one came. */
  deliver(seq: number): void {
    this.#counts.delivered++;
    this.#seq = seq;
    this.#safeSeq = seq;
  }

  /** All up to `to` met this fate. */
  pass(to: number, fate: Fate): void {
    this.#counts[fate] += to - this.#seq;
    if (this.#safeSeq === this.#seq || fate !== 'filtered') this.#safeSeq = to;
    this.#seq = to;
  }

  /** `count` of those up to `to` gave way to newer ones, which are still to come; the rest did not match. */
  skip(to: number, count: number): void {
    this.#counts.conflated += count;
    this.#counts.filtered += to - this.#seq - count;
    this.#seq = to;
  }

  ledger(): Ledger {
    return { published: this.#formerLives + this.#livedTo(), ...this.#counts };
  }

  #livedTo(): number {
    return this.hasBegun ? this.#seq - this.#start : 0;
  }
}
