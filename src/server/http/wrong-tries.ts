/** How often somebody guessed wrong of late. Takes only so much memory, however many addresses guess. */

const most = 10; // wrong tokens of an address: more than a person mistypes
const withinMs = 60_000;
const maxAddresses = 1000;
const everybodyElse = '';

type Tries = { count: number; readonly sinceMs: number };

export class WrongTries {
  readonly #tries = new Map<string, Tries>();

  /** Seconds for which this address need not try again, 0: it may. `now` in monotonic milliseconds. */
  waitSec(address: string, now: number): number {
    const tries = this.#tries.get(this.#keyOf(address));
    if (tries === undefined || tries.count < most) return 0;
    return Math.max(0, Math.ceil((tries.sinceMs + withinMs - now) / 1000));
  }

  add(address: string, now: number): void {
    this.#forget(now);
    const key = this.#keyOf(address);
    const tries = this.#tries.get(key);
    if (tries === undefined) this.#tries.set(key, { count: 1, sinceMs: now });
    else tries.count++;
  }

  /** Beyond so many addresses all others count as one. */
  #keyOf(address: string): string {
    return this.#tries.has(address) || this.#tries.size < maxAddresses ? address : everybodyElse;
  }

  /** They were added in the order in which their time is over. */
  #forget(now: number): void {
    for (const [address, { sinceMs }] of this.#tries) {
      if (now - sinceMs < withinMs) return;
      this.#tries.delete(address);
    }
  }
}
