/** Turns counters that only grow into rates. */
export class Counters<T extends Record<string, number>> {
  #before: ReadonlyMap<string, T> = new Map();
  #beforeMs = 0;

  /**
   * What each counter gained a second since the sample before. A name is left out when it is new, for one sample
   * makes no rate, and when one of its counters went back, for then nobody knows what happened in between.
   */
  rates(sample: ReadonlyMap<string, T>, nowMs: number): Map<string, T> {
    const seconds = (nowMs - this.#beforeMs) / 1000;
    const rates = new Map<string, T>();
    for (const [name, after] of sample) {
      const before = this.#before.get(name);
      const rate = before && seconds > 0 ? gainsPerSecond(before, after, seconds) : undefined;
      if (rate !== undefined) rates.set(name, rate);
    }
    this.#before = sample;
    this.#beforeMs = nowMs;
    return rates;
  }
}

function gainsPerSecond<T extends Record<string, number>>(before: T, after: T, seconds: number): T | undefined {
  const gains: Record<string, number> = {};
  for (const [name, value] of Object.entries(after)) {
    const gain = value - (before[name] ?? 0);
    if (!(gain >= 0)) return undefined;
    gains[name] = gain / seconds;
  }
  return gains as T; // the same keys as `after`, filled in above
}
