/** The streams that carry one topic, in lanes of one view each, so that a publication is encoded once a lane. */

import type { Stream } from './stream.ts';

export class Lanes {
  readonly #lanes: Stream[][] = [];

  get isEmpty(): boolean {
    return this.#lanes.length === 0;
  }

  /** Never empty ones. */
  [Symbol.iterator](): Iterator<readonly Stream[]> {
    return this.#lanes[Symbol.iterator]();
  }

  add(stream: Stream): void {
    const lane = this.#lanes.find(([first]) => first?.encoding === stream.encoding);
    if (lane === undefined) this.#lanes.push([stream]);
    else lane.push(stream);
  }

  /** Removing what is not there is harmless. */
  remove(stream: Stream): void {
    for (const [i, lane] of this.#lanes.entries()) {
      const at = lane.indexOf(stream);
      if (at < 0) continue;
      lane.splice(at, 1);
      if (lane.length === 0) this.#lanes.splice(i, 1);
      return;
    }
  }
}
