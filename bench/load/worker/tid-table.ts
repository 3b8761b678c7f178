/** From tid to place, in one typed array: thousands of connections have one each, and most know a topic or two. */

export class TidTable {
  #count = 0;
  /** Pairs of a tid and its place. */
  #cells = emptyCells(4);

  /** Undefined for a tid that was never set. */
  get(tid: number): number | undefined {
    const cell = this.#cellOf(tid);
    return this.#cells[cell] === tid && tid !== free ? this.#cells[cell + 1] : undefined;
  }

  /** Both are integers of 32 bits. Throws RangeError for tid 0, which is no topic's. */
  set(tid: number, place: number): void {
    if (tid === free) throw new RangeError('no topic has tid 0');
    const cell = this.#cellOf(tid);
    if (this.#cells[cell] !== tid) this.#count++;
    this.#cells[cell] = tid;
    this.#cells[cell + 1] = place;
    if (this.#count * 4 > this.#cells.length) this.#grow();
  }

  clear(): void {
    this.#count = 0;
    this.#cells = emptyCells(4);
  }

  /** Where the tid is, or would be. */
  #cellOf(tid: number): number {
    const mask = this.#cells.length - 1;
    let cell = ((Math.imul(tid, 0x9e3779b1) >>> 7) << 1) & mask;
    while (this.#cells[cell] !== tid && this.#cells[cell] !== free) cell = (cell + 2) & mask;
    return cell;
  }

  #grow(): void {
    const before = this.#cells;
    this.#cells = emptyCells(before.length);
    for (let i = 0; i < before.length; i += 2) {
      const tid = before[i] as number;
      if (tid === free) continue;
      const cell = this.#cellOf(tid);
      this.#cells[cell] = tid;
      this.#cells[cell + 1] = before[i + 1] as number;
    }
  }
}

const free = 0; // no topic has it: plain tids are above, those of streams below

/** With room for half as many tids as pairs. */
function emptyCells(pairs: number): Int32Array {
  return new Int32Array(2 * pairs);
}
