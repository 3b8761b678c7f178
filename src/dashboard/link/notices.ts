/** What the client told beside values, newest first and never more than a screenful or two. */

import { signal } from '@preact/signals';

export type NoticeKind =
  | 'connection'
  | 'step'
  | 'skipped'
  | 'gap'
  | 'epoch'
  | 'recovered'
  | 'repaired'
  | 'schema'
  | 'error';

export type Notice = { readonly id: number; readonly at: number; readonly kind: NoticeKind; readonly text: string };

export class Notices {
  readonly list = signal<readonly Notice[]>([]);
  readonly counts = signal<Readonly<Partial<Record<NoticeKind, number>>>>({});
  #lastId = 0;
  /** What came since the last showing: a storm of notices makes one change of the page a second. */
  #fresh: Notice[] = [];
  #freshCounts: Partial<Record<NoticeKind, number>> = {};

  add(kind: NoticeKind, text: string, count = 1): void {
    this.#fresh.push({ id: ++this.#lastId, at: Date.now(), kind, text });
    if (this.#fresh.length > maxNotices) this.#fresh.shift();
    this.#freshCounts[kind] = (this.#freshCounts[kind] ?? 0) + count;
  }

  /** Makes what came visible. */
  show(): void {
    if (this.#fresh.length === 0) return;
    this.list.value = [...this.#fresh.reverse(), ...this.list.peek()].slice(0, maxNotices);
    const counts = { ...this.counts.peek() };
    for (const [kind, count] of Object.entries(this.#freshCounts) as [NoticeKind, number][]) {
      counts[kind] = (counts[kind] ?? 0) + count;
    }
    this.counts.value = counts;
    this.#fresh = [];
    this.#freshCounts = {};
  }
}

const maxNotices = 200;
