/** Waits until each of many connections is done with one thing, and keeps how long each took. */

import { sharedMicros } from '../../support/shared-clock.ts';
import { encodeHistogram, newHistogram, record } from '../histogram.ts';

export class Muster {
  /** Topics whose snapshot said that nothing was missed, and those that said otherwise. */
  recovered = 0;
  gaps = 0;
  done = 0;
  readonly failed: Record<string, number> = {};
  readonly #startedMicros = sharedMicros();
  readonly #times = newHistogram();
  #left: number;
  #finishedMicros = this.#startedMicros;
  readonly #whole: Promise<void>;
  #resolve = () => {};

  constructor(connections: number) {
    this.#left = connections;
    this.#whole = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (connections === 0) this.#resolve();
  }

  get seconds(): number {
    return (this.#finishedMicros - this.#startedMicros) / 1e6;
  }

  /** `sinceMicros`: by the shared clock; without it, since the muster began. */
  finish(sinceMicros = this.#startedMicros): void {
    this.#finishedMicros = sharedMicros();
    record(this.#times, this.#finishedMicros - sinceMicros);
    this.done++;
    this.#countDown();
  }

  fail(reason: string): void {
    this.failed[reason] = (this.failed[reason] ?? 0) + 1;
    this.#countDown();
  }

  /** A snapshot said whether nothing was missed since the position that it was given. */
  tellRecovery(isRecovered: boolean): void {
    if (isRecovered) this.recovered++;
    else this.gaps++;
  }

  /** Resolves when none is left. */
  all(): Promise<void> {
    return this.#whole;
  }

  /** Of those that finished; the histogram is gone afterwards. */
  takeTimes(): string {
    const encoded = encodeHistogram(this.#times);
    this.#times.destroy();
    return encoded;
  }

  #countDown(): void {
    if (--this.#left === 0) this.#resolve();
  }
}
