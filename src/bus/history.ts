/** All histories of a process. */

import { Heap } from './heap.ts';
import { type HistoryHolder, type HistoryLimits, HistoryLog } from './history-log.ts';

export { type HistoryLimits, HistoryLog, type Page, type PageCap } from './history-log.ts';

/** Together they never hold more than `maxTotalBytes`: the largest gives way first, its oldest before the others. */
export class HistoryStore {
  readonly maxTotalBytes: number;
  readonly #now: () => number;
  readonly #logs = new Heap<HistoryLog>((a, b) => a.bytes > b.bytes);
  readonly #all: HistoryLog[] = [];
  readonly #holder: HistoryHolder & { nowMs: number };
  #bytes = 0;

  /** `now` in monotonic milliseconds; read once a `sweep`, for a reading costs more than an append. */
  constructor(maxTotalBytes: number, now: () => number = () => performance.now()) {
    this.maxTotalBytes = maxTotalBytes;
    this.#now = now;
    this.#holder = { nowMs: now(), resized: (log, byBytes) => this.#resized(log, byBytes) };
  }

  /** An empty history, for as long as the store lives. */
  open(limits: HistoryLimits): HistoryLog {
    const log = new HistoryLog(limits, this.#holder);
    this.#all.push(log);
    this.#logs.add(log);
    return log;
  }

  /** Estimated, of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Drops what is too old. Ages count from one sweep to another, so call it once a second and they are right to one. */
  sweep(): void {
    const nowMs = this.#now();
    this.#holder.nowMs = nowMs;
    for (const log of this.#all) {
      const freed = log.dropArrivedUntil(nowMs - log.limits.maxAgeMs);
      if (freed === 0) continue;
      this.#bytes -= freed;
      this.#logs.moved(log);
    }
  }

  #resized(log: HistoryLog, byBytes: number): void {
    this.#bytes += byBytes;
    this.#logs.moved(log);
    while (this.#bytes > this.maxTotalBytes) {
      const largest = this.#logs.top;
      if (largest === undefined || largest.length === 0) return;
      this.#bytes -= largest.dropOldest();
      this.#logs.moved(largest);
    }
  }
}
