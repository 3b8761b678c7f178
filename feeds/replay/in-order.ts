import type { Sort } from './config.ts';

/** What has a time and a place in a file. */
export type Timed = { readonly ts: number };

/** Puts rows in the order of their times as far as `sort` asks; rows of one time keep the file's order. */
export function inOrder<T extends Timed>(
  rows: AsyncIterable<T>,
  sort: Sort,
  onBackwards: (row: T, before: T) => void,
): AsyncIterable<T> {
  if (sort === 'none') return rows;
  if (sort === 'assert') return onlyForwards(rows, onBackwards);
  return sort === 'whole' ? sortedWhole(rows) : sortedWithin(rows, sort.buffer);
}

async function* onlyForwards<T extends Timed>(rows: AsyncIterable<T>, onBackwards: (row: T, before: T) => void) {
  let before: T | undefined;
  for await (const row of rows) {
    if (before !== undefined && row.ts < before.ts) {
      onBackwards(row, before);
      continue;
    }
    before = row;
    yield row;
  }
}

async function* sortedWhole<T extends Timed>(rows: AsyncIterable<T>) {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  yield* all.sort((a, b) => a.ts - b.ts);
}

/** Holds `size` rows back, so that a row may be that many places late. */
async function* sortedWithin<T extends Timed>(rows: AsyncIterable<T>, size: number) {
  const held: T[] = []; // newest first, so that the oldest comes off the cheap end
  for await (const row of rows) {
    held.splice(placeOf(row.ts, held), 0, row);
    if (held.length > size) yield held.pop() as T;
  }
  while (held.length > 0) yield held.pop() as T;
}

/** Before all of the same time or older, for `held` runs from the newest to the oldest. */
function placeOf(ts: number, held: readonly Timed[]): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle] as Timed).ts > ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
