/** What a subscriber holds of one topic, as it came over the wire: one value, or rows by key. */

import { stateChecksum } from '../protocol/checksum.ts';
import { applyPatch } from '../protocol/patch.ts';
import type { Schema } from '../protocol/schema.ts';

/** In the order of the topic's schema; never changed once it came. */
export type Values = readonly unknown[];

/** The key of the only row of a `latest` topic. */
export const soleKey = '';

export class Mirror implements Iterable<readonly [key: string, values: Values]> {
  readonly #rows = new Map<string, Values>();
  /** Rows of the snapshot that is coming in. */
  #gathered = new Set<string>();

  [Symbol.iterator](): Iterator<readonly [string, Values]> {
    return this.#rows.entries();
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  get(key: string): Values | undefined {
    return this.#rows.get(key);
  }

  set(key: string, values: Values): void {
    this.#rows.set(key, values);
  }

  delete(key: string): void {
    this.#rows.delete(key);
  }

  /** Undefined when the row is not held, or the changes make no sense. */
  patched(key: string, changes: Values): Values | undefined {
    const before = this.#rows.get(key);
    if (before === undefined) return undefined;
    try {
      return applyPatch(before, changes);
    } catch (fault) {
      if (fault instanceof RangeError) return undefined;
      throw fault;
    }
  }

  /** A row of a snapshot. True when it is other than what was held. */
  gather(key: string, values: Values): boolean {
    const before = this.#rows.get(key);
    this.#gathered.add(key);
    this.#rows.set(key, values);
    return before === undefined || !isSame(before, values);
  }

  /** The snapshot is complete: forgets every row that was not in it, and tells which. */
  finish(): string[] {
    const gone = [...this.#rows.keys()].filter((key) => !this.#gathered.has(key));
    for (const key of gone) this.#rows.delete(key);
    this.#gathered = new Set();
    return gone;
  }

  /** The snapshot will not be completed. */
  abandon(): void {
    this.#gathered = new Set();
  }

  /** The topic is shown in other fields from now on; those that were not held are null until they come. */
  reshape(from: Schema, to: Schema): void {
    const places = to.fields.map(({ name }) => from.fields.findIndex((field) => field.name === name));
    for (const [key, values] of this.#rows) {
      this.#rows.set(
        key,
        places.map((place) => values[place] ?? null),
      );
    }
  }

  checksum(): { crc: number; rows: number } {
    return stateChecksum(this.#rows);
  }
}

/** Values inside of values count as different: telling one too often harms nobody. */
function isSame(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
