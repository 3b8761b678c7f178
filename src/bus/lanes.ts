/** The streams that carry one topic, in lanes of one view each, so that a publication is encoded once a lane. */

import type { PlainStream } from './plain-stream.ts';

export class Lanes {
  readonly #lanes: PlainStream[][] = [];

  get isEmpty(): boolean {
    return this.#lanes.length === 0;
  }

  /** Never empty ones. */
  [Symbol.iterator](): Iterator<readonly PlainStream[]> {
    return this.#lanes[Symbol.iterator]();
  }

  add(stream: PlainStream): void {
    const lane = this.#lanes.find(([first]) => first?.encoding === stream.encoding);
    if (lane === undefined) this.#lanes.push([stream]);
    else lane.push(stream);
  }

  /** Removing what is not there is harmless. */
  remove(stream: PlainStream): void {
    for (const [i, lane] of this.#lanes.entries()) {
      const at = lane.indexOf(stream);
      if (at < 0) continue;
      lane.splice(at, 1);
      if (lane.length === 0) this.#lanes.splice(i, 1);
      return;
    }
  }
}
