/** What time it is at the server, from exchanges of timestamps (RFC 5905 section 8). */

import type { Micros } from '../protocol/frames.ts';
import type { Time } from './time.ts';

/** `offsetMs`: the server's clock minus ours. Half of `rttMs` bounds its error. */
export type ClockReading = { readonly rttMs: number; readonly offsetMs: number };

/** When the server got our timestamp and when it answered, by its own clock. */
export type ServerTimes = { readonly t1: Micros; readonly t2: Micros };

const keptSamples = 8; // the quickest of the last few is the least distorted by queues; older ones drift

export class ServerClock {
  readonly #time: Time;
  readonly #begun = new Map<Micros, number>();
  #samples: Sample[] = [];
  #lastT0: Micros = 0;

  constructor(time: Time) {
    this.#time = time;
  }

  /** Our timestamp to send, never the same twice. */
  begin(): Micros {
    this.#lastT0 = Math.max(Math.round(this.#time.now() * 1000), this.#lastT0 + 1);
    this.#begun.set(this.#lastT0, this.#time.elapsed());
    return this.#lastT0;
  }

  /** Undefined when no such exchange was begun on this connection. */
  end(t0: Micros, { t1, t2 }: ServerTimes): ClockReading | undefined {
    const sentAt = this.#begun.get(t0);
    if (sentAt === undefined) return undefined;
    this.#begun.delete(t0);
    const gotAt = this.#time.elapsed();
    const rttMs = Math.max(0, gotAt - sentAt - (t2 - t1) / 1000);
    const aheadMs = (t1 + t2) / 2000 - (sentAt + gotAt) / 2;
    this.#samples = [...this.#samples, { rttMs, aheadMs }].slice(-keptSamples);
    return { rttMs, offsetMs: aheadMs + gotAt - this.#time.now() };
  }

  /** Whether an exchange has told it. */
  get isKnown(): boolean {
    return this.#samples.length > 0;
  }

  /** Another server's time takes the place of what was known, once anything is known of it. */
  follow(other: ServerClock): void {
    if (other.isKnown) this.#samples = other.#samples;
  }

  /** Answers to what was begun will not come any more. */
  forget(): void {
    this.#begun.clear();
  }

  /** Milliseconds since 1970; our own clock until the first exchange. Steps of our clock do not move it. */
  now(): number {
    const [first, ...others] = this.#samples;
    if (first === undefined) return this.#time.now();
    const best = others.reduce((least, sample) => (sample.rttMs < least.rttMs ? sample : least), first);
    return this.#time.elapsed() + best.aheadMs;
  }
}

/** `aheadMs`: the server's clock minus our `elapsed`. */
type Sample = { readonly rttMs: number; readonly aheadMs: number };
