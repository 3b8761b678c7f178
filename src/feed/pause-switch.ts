/** Stops and starts a feed by hand, whatever is wanted of it. */

import type { FeedDemand } from './feed-parts.ts';

export class PauseSwitch {
  #isPaused = false;
  readonly #listeners = new Set<() => void>();

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Setting it to what it is, is harmless. */
  set(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    for (const listener of [...this.#listeners]) listener();
  }

  /** The demand, and none at all while it is paused. */
  over(demand: FeedDemand): FeedDemand {
    return {
      rate: () => (this.#isPaused ? 0 : demand.rate()),
      onChange: (listener) => {
        this.#listeners.add(listener);
        const undo = demand.onChange(listener);
        return () => {
          this.#listeners.delete(listener);
          undo();
        };
      },
    };
  }
}
