/** Collects latencies until someone asks. */

export type LatencySummary = { count: number; p50: number; p99: number; max: number };

export class Latencies {
  #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  /** All since the last call, which are then forgotten. All are 0 when there are none. */
  take(): LatencySummary {
    const sorted = Float64Array.from(this.#values).sort();
    this.#values = [];
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
