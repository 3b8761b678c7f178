/** How much time may go into reading metrics: whoever asks for them over and over must not take it from everybody else. */

const share = 0.05; // of one core, in the long run: a large server's scrape each second takes less
const mostCreditMs = 200; // several collectors at once, and people who look, are no flood

export class ReadingBudget {
  #creditMs = mostCreditMs;
  #at: number;

  /** `now` in monotonic milliseconds. */
  constructor(now: number) {
    this.#at = now;
  }

  /** Whether there is time for one more. */
  allows(now: number): boolean {
    this.#creditMs = Math.min(mostCreditMs, this.#creditMs + (now - this.#at) * share);
    this.#at = now;
    return this.#creditMs > 0;
  }

  /** One was made, and took so long. */
  spend(tookMs: number): void {
    this.#creditMs -= tookMs;
  }
}
