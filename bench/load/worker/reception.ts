/** What all connections of a load process got in the window, until someone takes it. */

import { sharedMicros } from '../../support/shared-clock.ts';
import { encodeHistogram, newHistogram, record } from '../histogram.ts';
import type { Times, Window } from './worker-protocol.ts';

export class Reception {
  deliveries = 0;
  readonly #aheadMicros: number;
  #fromMicros = Number.POSITIVE_INFINITY;
  #untilMicros = Number.POSITIVE_INFINITY;
  readonly #latency = newHistogram();
  readonly #age = newHistogram();

  constructor(times: Times) {
    this.#aheadMicros = times.from === 'stamp' ? 0 : wallMicros() + times.offsetMicros - sharedMicros();
  }

  open({ fromMicros, untilMicros }: Window): void {
    this.#fromMicros = fromMicros;
    this.#untilMicros = untilMicros;
  }

  /** By the shared clock, whatever clock the frame's time is of; 0 where it tells none. */
  shared(frameMicros: number): number {
    return frameMicros === 0 ? 0 : frameMicros - this.#aheadMicros;
  }

  isOpenAt(micros: number): boolean {
    return micros >= this.#fromMicros && micros < this.#untilMicros;
  }

  /**
   * One publication came to one connection; how long it took tells something of the server only if that reads as fast
   * as it can. Says whether it was due in the window, and so counts.
   */
  came(dueMicros: number, nowMicros: number, isSlow = false): boolean {
    if (!this.isOpenAt(dueMicros)) return false;
    this.deliveries++;
    if (!isSlow) record(this.#latency, nowMicros - dueMicros);
    return true;
  }

  /** The newest that a subscriber holds was due then. */
  saw(dueMicros: number, nowMicros: number): void {
    if (this.isOpenAt(nowMicros)) record(this.#age, nowMicros - dueMicros);
  }

  /** All since the last call, which is then forgotten. */
  take(): { readonly deliveries: number; readonly latency: string; readonly age: string } {
    const taken = {
      deliveries: this.deliveries,
      latency: encodeHistogram(this.#latency),
      age: encodeHistogram(this.#age),
    };
    this.deliveries = 0;
    this.#latency.reset();
    this.#age.reset();
    return taken;
  }

  /** Lets go of memory outside of the heap; nothing may be recorded afterwards. */
  close(): void {
    this.#untilMicros = 0;
    this.#latency.destroy();
    this.#age.destroy();
  }
}

function wallMicros(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
