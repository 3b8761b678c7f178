/** The levels of one side of a book, in ticks from the best price outwards, on neighbouring ticks. */
export class Ladder {
  readonly #outward: 1 | -1;
  readonly #newSize: (level: number) => number;
  #best = 0;
  #sizes: number[] = [];
  #toldBest = 0;
  #toldSizes: readonly number[] = [];

  /** `outward`: -1 for bids, whose prices fall from the best, 1 for asks. */
  constructor(outward: 1 | -1, newSize: (level: number) => number) {
    this.#outward = outward;
    this.#newSize = newSize;
  }

  /** Brings the best level to what the quote says. Orders that still stand behind it keep their size. */
  follow(best: number, qty: number): void {
    const inward = this.#sizes.length === 0 ? 0 : (this.#best - best) * this.#outward;
    if (inward > 0) this.#sizes.unshift(...Array<number>(Math.min(inward, maxLevels)).fill(0));
    else this.#sizes.splice(0, -inward);
    this.#best = best;
    const levels = this.#outward > 0 ? maxLevels : Math.min(maxLevels, best); // no bid below one tick
    this.#sizes.length = Math.min(this.#sizes.length, levels);
    for (let level = 0; level < levels; level++) this.#sizes[level] ||= this.#newSize(level);
    this.#sizes[0] = qty;
  }

  /** Another size at a level behind the best; where there is none, nothing. */
  resize(level: number): void {
    if (level < this.#sizes.length) this.#sizes[level] = this.#newSize(level);
  }

  /** What is other than at the last call: first the prices that are gone, with size 0, then the rest, best first. */
  tell(change: (px: number, qty: number) => void): void {
    for (let level = 0; level < this.#toldSizes.length; level++) {
      const px = this.#toldBest + level * this.#outward;
      if (this.#sizes[this.#levelOf(px, this.#best)] === undefined) change(px, 0);
    }
    for (const [level, qty] of this.#sizes.entries()) {
      const px = this.#best + level * this.#outward;
      if (this.#toldSizes[this.#levelOf(px, this.#toldBest)] !== qty) change(px, qty);
    }
    this.#toldBest = this.#best;
    this.#toldSizes = [...this.#sizes];
  }

  #levelOf(px: number, best: number): number {
    return (px - best) * this.#outward;
  }
}

/** Levels shown on a side. */
export const maxLevels = 10;
