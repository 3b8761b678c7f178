/** How far one subscriber has been told of each topic of its stream, by the topic's place among the stream's cells. */

import type { Reached } from './advance.ts';
import type { Cell } from './cell.ts';

const notBegun = -1;

export class Positions {
  /** How many topics there were when it joined; those after them were born later, and begin with their first publication. */
  readonly joinedWith: number;
  readonly #isFiltered: boolean;
  #seqs: number[] | undefined;
  /** Up to there, where there is a filter: how many did not match. */
  #filtered: number[] | undefined;

  constructor(joinedWith: number, isFiltered: boolean) {
    this.joinedWith = joinedWith;
    this.#isFiltered = isFiltered;
  }

  /** Undefined for a topic that it has not begun. */
  at(i: number): Reached | undefined {
    return this.isBegun(i) ? { seq: this.seqAt(i), filtered: this.#filtered?.[i] ?? 0 } : undefined;
  }

  /** The same without what did not match; below every publication for a topic that it has not begun. */
  seqAt(i: number): number {
    return this.#seqs?.[i] ?? (i >= this.joinedWith ? 0 : notBegun);
  }

  isBegun(i: number): boolean {
    return this.seqAt(i) !== notBegun;
  }

  /** `reached`: undefined for a topic that it has not begun. */
  set(i: number, reached: Reached | undefined): void {
    this.#seqs ??= [];
    this.#seqs[i] = reached?.seq ?? notBegun;
    if (!this.#isFiltered) return;
    this.#filtered ??= [];
    this.#filtered[i] = reached?.filtered ?? 0;
  }

  /** As far as the stream has told its members. */
  setToTold(cells: readonly Cell[]): void {
    this.#seqs = cells.map(({ sentSeq }) => sentSeq);
    if (this.#isFiltered) this.#filtered = cells.map(({ filteredSent }) => filteredSent);
  }

  /** As far as the topics are. */
  setToPresent(cells: readonly Cell[]): void {
    this.#seqs = cells.map(({ state }) => state.seq);
    if (this.#isFiltered) this.#filtered = cells.map(({ filteredSeen }) => filteredSeen);
  }

  /** Nothing need be known of them now. */
  forget(): void {
    this.#seqs = undefined;
    this.#filtered = undefined;
  }

  /** Publications that it has not been told of, of the topics that it has begun. */
  pending(cells: readonly Cell[]): number {
    let pending = 0;
    for (const [i, { state }] of cells.entries()) if (this.isBegun(i)) pending += state.seq - this.seqAt(i);
    return pending;
  }
}
