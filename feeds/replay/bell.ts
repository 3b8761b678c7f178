import type { FeedContext, Micros } from '../../src/feed/index.ts';

/** Wakes the one who waits. A ring that nobody waits for is kept for the next one who does. */
export class Bell {
  #hasRung = false;
  #wake: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;
  #alarmAt: Micros | undefined;

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  /** Sets an alarm `ms` from now for something due at `due`, unless it is set already. */
  ringAfter(clock: FeedContext['clock'], due: Micros, ms: number): void {
    if (this.#alarmAt === due) return;
    this.#alarmAt = due;
    const over = () => {
      if (this.#alarmAt === due) this.#alarmAt = undefined;
      this.ring();
    };
    clock.sleep(ms).then(over, (error: unknown) => {
      this.#failure = { error };
      this.ring();
    });
  }

  /** Rejects when an alarm did, as it does when the feed is stopped. */
  async rings(): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
    this.#hasRung = false;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** `silent` when it had to be woken because nothing rang for so long, in real time. */
  async ringsWithin(ms: number): Promise<'rang' | 'silent'> {
    let outcome: 'rang' | 'silent' = 'rang';
    const timer = setTimeout(() => {
      outcome = 'silent';
      this.ring();
    }, ms);
    await this.rings().finally(() => clearTimeout(timer));
    return outcome;
  }
}
