/** How often a measured value fell into which bucket: a histogram as plain numbers, for whoever reads them now and then. */

export class BucketCounts {
  /** Rising; a value counts in the first bucket whose bound it does not exceed. */
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last is for what exceeds them all. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    this.#add(this.#bucketOf(value), 1);
    this.sum += value;
  }

  /** Values that somebody else has counted into the same buckets; their sum is estimated by each bucket's bound. */
  merge(counts: readonly number[]): void {
    for (const [i, count] of counts.entries()) {
      this.#add(i, count);
      this.sum += count * (this.bounds[i] ?? this.bounds.at(-1) ?? 0);
    }
  }

  #add(i: number, count: number): void {
    this.counts[i] = (this.counts[i] ?? 0) + count;
  }

  #bucketOf(value: number): number {
    let i = 0;
    while (i < this.bounds.length && value > (this.bounds[i] ?? 0)) i++;
    return i;
  }
}
