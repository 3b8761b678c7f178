/** What a source has published so far. */

import type { Window } from '../worker/worker-protocol.ts';

export type Published = {
  /** Due within the window. */
  readonly inWindow: number;
  readonly total: number;
  /** Each topic's newest number. */
  readonly lastSeq: Readonly<Record<string, number>>;
};

export class Tally {
  #window: Window | undefined;
  #inWindow = 0;
  #total = 0;
  readonly #lastSeq: Record<string, number> = {};

  /** What is due in it counts from now on. */
  measure(window: Window): void {
    this.#window = window;
    this.#inWindow = 0;
  }

  /** `seq`: as the server numbered it; one more than before where it does not say. */
  add(topic: string, dueMicros: number, seq = (this.#lastSeq[topic] ?? 0) + 1): void {
    const { fromMicros, untilMicros } = this.#window ?? never;
    if (dueMicros >= fromMicros && dueMicros < untilMicros) this.#inWindow++;
    this.#total++;
    this.#lastSeq[topic] = Math.max(seq, this.#lastSeq[topic] ?? 0);
  }

  published(): Published {
    return { inWindow: this.#inWindow, total: this.#total, lastSeq: { ...this.#lastSeq } };
  }
}

const never = { fromMicros: Number.POSITIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY };
