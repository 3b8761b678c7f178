/** What this client sees, told to a server that asks for it: frames that came, and how old publications were by then. */

import {
  type ClientReport,
  type ClientRuntime,
  latencyBoundsMs,
  type Micros,
  type ServerFrame,
} from '../protocol/frames.ts';
import type { ServerClock } from './server-clock.ts';
import type { CancelTimer, Time } from './time.ts';

export type ReporterParts = {
  readonly time: Time;
  readonly clock: ServerClock;
  readonly random: () => number;
  readonly send: (report: ClientReport) => void;
};

const sampleEveryMs = 10; // a publication of one message in so long is enough for a histogram, and costs next to nothing

const minEveryMs = 100; // what asks for more would get no better a picture
const maxForMs = 3_600_000; // what a server takes; a machine that slept has no more to say

export class Reporter {
  readonly #parts: ReporterParts;
  readonly #latency: number[] = latencyBoundsMs.map(() => 0).concat(0);
  #everyMs: number | undefined;
  #frames = 0;
  #since = 0;
  /** When something was last subscribed or changed, by `elapsed`: publications before that are old by nature. */
  #askedAt = 0;
  #nextSampleAt = 0;
  #wantsSample = false;
  #cancelTimer: CancelTimer = () => {};

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  /** Every `askedMs`, the first time after a part of it that chance decides: clients that came together do not report together. */
  start(askedMs: number): void {
    this.stop();
    if (!(askedMs > 0)) return;
    const everyMs = Math.min(Math.max(askedMs, minEveryMs), maxForMs);
    this.#everyMs = everyMs;
    this.#beginAnew();
    this.#schedule(this.#parts.random() * everyMs);
  }

  stop(): void {
    this.#cancelTimer();
    this.#everyMs = undefined;
    this.#wantsSample = false;
  }

  /** Something was subscribed or changed: what was published before may come now. */
  asked(): void {
    this.#askedAt = this.#parts.time.elapsed();
  }

  /** A message begins, at this time by `elapsed`. */
  message(now: number): void {
    this.#wantsSample = this.#everyMs !== undefined && now >= this.#nextSampleAt;
  }

  frame(frame: ServerFrame): void {
    if (frame.op === 'heartbeat' || frame.op === 'pong') return; // signs of life, and nothing to report
    this.#frames++;
    if (this.#wantsSample && (frame.op === 'data' || frame.op === 'patch')) this.#sample(frame.ts);
  }

  #sample(ts: Micros): void {
    const { time, clock } = this.#parts;
    this.#wantsSample = false;
    if (!clock.isKnown) return;
    const now = time.elapsed();
    const latencyMs = Math.max(0, clock.now() - ts / 1000); // our idea of the server's clock is off by a part of the way
    if (latencyMs > now - this.#askedAt) return;
    this.#nextSampleAt = now + sampleEveryMs;
    const slot = latencyBoundsMs.findIndex((boundMs) => latencyMs <= boundMs);
    const at = slot < 0 ? latencyBoundsMs.length : slot;
    this.#latency[at] = (this.#latency[at] ?? 0) + 1;
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer = this.#parts.time.after(delayMs, () => {
      if (this.#everyMs !== undefined) this.#schedule(this.#everyMs);
      this.#report();
    });
  }

  #report(): void {
    const forMs = Math.round(this.#parts.time.elapsed() - this.#since);
    if (this.#frames === 0 || forMs < 1) return;
    const report = { forMs: Math.min(forMs, maxForMs), frames: this.#frames, latency: [...this.#latency], runtime };
    this.#beginAnew();
    this.#parts.send(report);
  }

  #beginAnew(): void {
    this.#frames = 0;
    this.#latency.fill(0);
    this.#since = this.#parts.time.elapsed();
  }
}

const runtime: ClientRuntime = runtimeOf(globalThis);

/** By the globals that are there. */
export function runtimeOf(globals: object): ClientRuntime {
  if ('Deno' in globals || 'Bun' in globals) return 'other'; // they have those of browsers and of Node, too
  if ('document' in globals || 'WorkerGlobalScope' in globals) return 'browser';
  return 'process' in globals ? 'node' : 'other';
}
