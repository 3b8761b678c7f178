/** A ring of numbers by time: what is older than its span is forgotten, so that long sessions keep flat memory. */

export class TimeSeries {
  /** Milliseconds. */
  readonly spanMs: number;
  readonly #columns: Float64Array[];
  readonly #maxPoints: number;
  readonly #listeners = new Set<() => void>();
  #begin = 0;
  #end = 0;
  #views: Float64Array[] | undefined;

  /** `columns` values a point, beside its time; never more than `maxPoints` points, however dense they come. */
  constructor(columns: number, spanMs: number, maxPoints = 4096) {
    this.spanMs = spanMs;
    this.#maxPoints = maxPoints;
    this.#columns = Array.from({ length: columns + 1 }, () => new Float64Array(Math.min(64, maxPoints * 2)));
  }

  get length(): number {
    return this.#end - this.#begin;
  }

  /** Milliseconds since 1970 of the newest point; undefined without one. */
  get newest(): number | undefined {
    return this.length === 0 ? undefined : this.#columns[0]?.[this.#end - 1];
  }

  /** Adds a point at `at`; one of the same time is replaced, one of an earlier time is dropped. NaN: no value. */
  push(at: number, ...values: readonly number[]): void {
    const { newest } = this;
    if (!Number.isFinite(at) || (newest !== undefined && at < newest)) return;
    if (newest !== at || this.length === 0) this.#append(at);
    for (let i = 1; i < this.#columns.length; i++) {
      const column = this.#columns[i];
      if (column !== undefined) column[this.#end - 1] = values[i - 1] ?? Number.NaN;
    }
    this.#changed();
  }

  /** Calls `listener` at each change, until the function that this returns is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Times in milliseconds since 1970 and values, oldest first; valid until the next push. */
  columns(): readonly Float64Array[] {
    this.#views ??= this.#columns.map((column) => column.subarray(this.#begin, this.#end));
    return this.#views;
  }

  clear(): void {
    this.#begin = this.#end = 0;
    this.#changed();
  }

  #changed(): void {
    this.#views = undefined;
    for (const listener of this.#listeners) listener();
  }

  #append(at: number): void {
    const [times] = this.#columns;
    if (times === undefined) return;
    while (this.#begin < this.#end && (times[this.#begin] ?? at) < at - this.spanMs) this.#begin++;
    if (this.length === this.#maxPoints) this.#begin++;
    if (this.#end === times.length) this.#makeRoom();
    const target = this.#columns[0];
    if (target !== undefined) target[this.#end] = at;
    this.#end++;
  }

  /** Moves what is left to the front; where that is most of it, into twice the room. */
  #makeRoom(): void {
    const { length } = this;
    for (const [i, column] of this.#columns.entries()) {
      const kept = column.subarray(this.#begin, this.#end);
      const isCrowded = length > column.length / 2;
      const target = isCrowded ? new Float64Array(column.length * 2) : column;
      if (isCrowded) target.set(kept);
      else target.copyWithin(0, this.#begin, this.#end);
      this.#columns[i] = target;
    }
    this.#begin = 0;
    this.#end = length;
  }
}
