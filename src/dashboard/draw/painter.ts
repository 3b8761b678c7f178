/** Draws what changed, once an animation frame at most, and nothing that is out of sight. */

import type { FrameMeter } from './frame-meter.ts';

/** Something that can be drawn. */
export type Drawing = {
  /** What it shows has changed: it is drawn with the next frame, or when it comes into sight. */
  touch(): void;
  /** Never drawn again. Twice is harmless. */
  remove(): void;
};

type Entry = { readonly draw: () => void; isInSight: boolean; isDue: boolean };

export class Painter {
  readonly #meter: FrameMeter;
  readonly #entries = new Map<Element, Entry>();
  #due: Entry[] = [];
  readonly #sight = new IntersectionObserver((changes) => this.#looked(changes), { rootMargin: '64px' });

  constructor(meter: FrameMeter) {
    this.#meter = meter;
    requestAnimationFrame(this.#frame);
  }

  /** `draw` is called for as long as `element` is in sight, and due. One drawing an element. */
  add(element: Element, draw: () => void): Drawing {
    const entry: Entry = { draw, isInSight: false, isDue: true };
    this.#entries.set(element, entry);
    this.#sight.observe(element);
    return {
      touch: () => this.#touch(entry),
      remove: () => {
        if (this.#entries.get(element) !== entry) return;
        this.#entries.delete(element);
        this.#sight.unobserve(element);
        entry.isInSight = false;
      },
    };
  }

  /** All of it anew: colours or sizes are other than before. */
  touchAll(): void {
    for (const entry of this.#entries.values()) this.#touch(entry);
  }

  #touch(entry: Entry): void {
    if (entry.isDue) return;
    entry.isDue = true;
    if (entry.isInSight) this.#due.push(entry);
  }

  #looked(changes: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of changes) {
      const entry = this.#entries.get(target);
      if (entry === undefined || entry.isInSight === isIntersecting) continue;
      entry.isInSight = isIntersecting;
      if (isIntersecting && entry.isDue) this.#due.push(entry);
    }
  }

  /** Browsers give no frames to tabs that nobody sees. */
  readonly #frame = (at: number): void => {
    requestAnimationFrame(this.#frame);
    const begun = performance.now();
    const due = this.#due;
    this.#due = [];
    for (const entry of due) {
      if (!entry.isInSight) continue; // it stays due until it is seen
      entry.isDue = false;
      entry.draw();
    }
    this.#meter.drew(at, performance.now() - begun);
  };
}
