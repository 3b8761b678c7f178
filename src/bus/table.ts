/** The rows of a keyed topic, and which of them changed last. */

import type { Micros } from '../protocol/index.ts';
import type { Turn } from './turned.ts';

/** Good until the table changes. Without values: it was removed. */
export type Row = { readonly key: string; values: readonly unknown[] | undefined; seq: number; ts: Micros };

const removalsKept = 64; // of a small table; a large one remembers as many as it has rows

export class Table {
  readonly #byKey = new Map<string, Node>();
  readonly #live = new Recency();
  readonly #removed = new Recency();
  /** Removals up to here may be forgotten. */
  #floor = 0;

  /** Returns the row's values before, undefined where there was no such row. `seq` goes up from call to call. */
  set(key: string, values: readonly unknown[], seq: number, ts: Micros): readonly unknown[] | undefined {
    const node = this.#nodeOf(key);
    const before = node.values;
    this.#change(node, values, seq, ts);
    return before;
  }

  /** The same. To remove what is not there is a change as well. */
  remove(key: string, seq: number, ts: Micros): readonly unknown[] | undefined {
    const node = this.#nodeOf(key);
    const before = node.values;
    this.#change(node, undefined, seq, ts);
    const most = Math.max(removalsKept, this.#live.size);
    while (this.#removed.size > most) this.#forgetOldest();
    return before;
  }

  /** Each row's values otherwise; nothing counts as changed. */
  turn(turn: Turn): void {
    for (const node of this.#byKey.values()) node.values = node.values && turn(node.values);
  }

  get(key: string): readonly unknown[] | undefined {
    return this.#byKey.get(key)?.values;
  }

  get size(): number {
    return this.#live.size;
  }

  /** Those that are there, in the order of their last change. */
  *rows(): Iterable<Row> {
    for (let node = this.#live.oldest; node !== undefined; node = node.newer) yield node;
  }

  /**
   * Each row that changed after `seq`, in the order of its last change, removed ones included; undefined when removals
   * of that time are forgotten. Costs as much as there are changes.
   */
  changesSince(seq: number): Row[] | undefined {
    if (seq < this.#floor) return undefined;
    const changes: Row[] = [];
    let live = this.#live.newest;
    let removed = this.#removed.newest;
    for (;;) {
      const next = newerOf(live, removed);
      if (next === undefined || next.seq <= seq) return changes.reverse();
      changes.push(next);
      if (next === live) live = live.older;
      else removed = removed?.older;
    }
  }

  #nodeOf(key: string): Node {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const node: Node = { key, values: undefined, seq: 0, ts: 0, older: undefined, newer: undefined };
    this.#byKey.set(key, node);
    return node;
  }

  #change(node: Node, values: readonly unknown[] | undefined, seq: number, ts: Micros): void {
    if (node.seq > 0) this.#listOf(node).remove(node);
    node.values = values;
    node.seq = seq;
    node.ts = ts;
    this.#listOf(node).add(node);
  }

  #listOf({ values }: Node): Recency {
    return values === undefined ? this.#removed : this.#live;
  }

  #forgetOldest(): void {
    const { oldest } = this.#removed;
    if (oldest === undefined) return;
    this.#removed.remove(oldest);
    this.#byKey.delete(oldest.key);
    this.#floor = oldest.seq;
  }
}

type Node = Row & { older: Node | undefined; newer: Node | undefined };

/** A linked list in the order of change. */
class Recency {
  oldest: Node | undefined;
  newest: Node | undefined;
  size = 0;

  add(node: Node): void {
    node.older = this.newest;
    node.newer = undefined;
    if (this.newest === undefined) this.oldest = node;
    else this.newest.newer = node;
    this.newest = node;
    this.size++;
  }

  remove(node: Node): void {
    const { older, newer } = node;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    this.size--;
  }
}

function newerOf(a: Node | undefined, b: Node | undefined): Node | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.seq > b.seq ? a : b;
}
