/** A stream that carries every publication whole, as it comes. Streams of one encoding share the encoded bytes. */

import type { Cell } from './cell.ts';
import { OutboundBatch } from './outbound-batch.ts';
import { Stream, type StreamParts } from './stream.ts';
import type { TopicState } from './topic-state.ts';

export class PlainStream extends Stream {
  readonly number = 0;
  protected readonly batch: OutboundBatch;
  /** Publications in the batch. */
  #held = 0;

  constructor(parts: StreamParts) {
    super(parts);
    this.batch = new OutboundBatch(parts.view.encoding, (message) => {
      this.lastSentAt = performance.now();
      parts.send(message, this.attached);
    });
  }

  get isSettled(): boolean {
    return this.#held === 0;
  }

  get pending(): number {
    return this.#held;
  }

  /** What it holds leaves before anything is asked of it. */
  get pendingSince(): undefined {
    return undefined;
  }

  /** One encoded publication. */
  add(frame: Uint8Array): void {
    this.#held++;
    this.say(frame);
  }

  flush(): void {
    this.batch.flush();
    this.delivered += this.#held;
    this.fates.delivered += this.#held * this.attached;
    this.#held = 0;
  }

  settle(): void {
    this.flush();
  }

  cellOf(state: TopicState): Cell | undefined {
    return this.cells.find((cell) => cell.state === state);
  }
}
