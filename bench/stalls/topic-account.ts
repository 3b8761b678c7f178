/** What one subscriber was told of one topic, added up from the frames alone. */

import type { ServerFrame } from '../../src/protocol/index.ts';

export class TopicAccount {
  /** The position it began from, and the one it is at; undefined before the first snapshot. */
  first: number | undefined;
  last: number | undefined;
  delivered = 0;
  marked = 0;
  lost = 0;
  /** Frames at or behind the position, or marks that do not count what they span. */
  faults = 0;

  take(frame: ServerFrame): void {
    switch (frame.op) {
      case 'snapshot':
        this.first ??= frame.seq;
        this.last = frame.seq;
        break;
      case 'data':
        this.delivered++;
        this.#move(frame.seq, frame.seq);
        break;
      case 'mark':
        this.marked += frame.count;
        if (frame.count !== frame.to - frame.from + 1) this.faults++; // nothing is filtered here
        this.#move(frame.from, frame.to);
        break;
      case 'gap':
        this.lost += frame.to - frame.from + 1;
        this.#move(frame.from, frame.to);
        break;
    }
  }

  /** Publications between the first and the last position that nothing accounts for; 0 when all is told. */
  get untold(): number {
    return (this.last ?? 0) - (this.first ?? 0) - this.delivered - this.marked - this.lost;
  }

  #move(from: number, to: number): void {
    if (this.last === undefined || from <= this.last) this.faults++;
    this.last = to;
  }
}
