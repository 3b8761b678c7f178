/** How smoothly the page draws: frames, frames that were missed, and what drawing costs. */

export type FrameReading = {
  /** Frames a second. */
  readonly fps: number;
  /** Share of the display's frames that were missed, since the page was opened. */
  readonly droppedShare: number;
  /** Of drawing, milliseconds a frame: the mean, and the longest since the last reading. */
  readonly meanDrawMs: number;
  readonly longestDrawMs: number;
  /** Milliseconds of drawing in each second. */
  readonly drawMsPerSec: number;
};

export class FrameMeter {
  frames = 0;
  dropped = 0;
  #sinceAt: number | undefined;
  #framesSince = 0;
  #drawMs = 0;
  #longestMs = 0;
  #lastAt: number | undefined;
  /** Between two frames of the display: the shortest usual interval seen. */
  #periodMs = 1000 / 60;
  readonly #recent: number[] = [];

  /** A frame that the browser began at `at` was drawn in so many milliseconds. */
  drew(at: number, drawMs: number): void {
    const { frames } = this;
    this.frames++;
    this.#framesSince++;
    this.#drawMs += drawMs;
    if (drawMs > this.#longestMs) this.#longestMs = drawMs;
    const interval = this.#lastAt === undefined ? 0 : at - this.#lastAt;
    this.#lastAt = at;
    if (interval <= 0 || interval > asleepMs || frames < warmUpFrames) return;
    this.#learn(interval);
    this.dropped += Math.max(0, Math.round(interval / this.#periodMs) - 1);
  }

  read(now: number): FrameReading {
    const elapsed = now - (this.#sinceAt ?? now);
    const frames = this.#framesSince;
    const reading: FrameReading = {
      fps: elapsed === 0 ? 0 : (frames * 1000) / elapsed,
      droppedShare: this.dropped / Math.max(1, this.frames + this.dropped),
      meanDrawMs: this.#drawMs / Math.max(1, frames),
      longestDrawMs: this.#longestMs,
      drawMsPerSec: elapsed === 0 ? 0 : (this.#drawMs * 1000) / elapsed,
    };
    this.#sinceAt = now;
    this.#framesSince = 0;
    this.#drawMs = 0;
    this.#longestMs = 0;
    return reading;
  }

  /** Displays differ: the median of the last intervals is the period, unless most frames are missed. */
  #learn(interval: number): void {
    this.#recent.push(interval);
    if (this.#recent.length < learnFrom) return;
    const [median = this.#periodMs] = this.#recent.toSorted((a, b) => a - b).slice(learnFrom >> 1);
    this.#recent.length = 0;
    this.#periodMs = Math.min(slowestPeriodMs, median);
  }
}

const warmUpFrames = 60; // while the page is made nobody watches for smoothness
const asleepMs = 1000; // a tab that was hidden misses nothing
const learnFrom = 121;
const slowestPeriodMs = 1000 / 50; // no display is slower, so whoever is misses frames
