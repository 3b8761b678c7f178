/** How fast one session is served: everything while it keeps up, and otherwise only the newest, as fast as it reads. */

import type { Step } from '../protocol/index.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { ServerOptions } from './options.ts';

export type PaceOptions = Pick<
  ServerOptions,
  'highWaterBytes' | 'lowWaterBytes' | 'lagMs' | 'probeEveryMs' | 'evictBytes' | 'evictAfterMs' | 'limitedRate'
>;

/** The session, as far as its pace goes. */
export type Paced = {
  /** Bytes that the kernel would not take yet. */
  bufferedBytes(): number;
  /** Monotonic milliseconds of the last message to it. */
  lastSentAt(): number;
  /** Sends a WebSocket ping that carries this time; it travels behind all that was sent, so its pong tells the lag. */
  probe(at: number): void;
  /** A probe was answered so long after it was sent. */
  answered(roundTripMs: number): void;
  /** Takes every subscription off its stream. */
  hold(): void;
  /** Tells what changed, up to this many bytes. */
  catchUp(budgetBytes: number): { readonly outcome: 'caught up' | 'more'; readonly bytes: number };
  /** Puts every subscription back on its stream. */
  release(): void;
  /** `maxRate` 0: no limit. */
  tell(step: Step, maxRate: number, reason: string): void;
  /** It can't be served at all. */
  evict(reason: string): void;
};

const firstWindowBytes = 16 * 1024; // two seconds of a very slow phone
const leastWindowBytes = 1024; // a handful of values
const mostWindowBytes = 256 * 1024;
const promptShare = 1 / 10; // of lagMs: an answer as quick as that says that all is well
const mostPatience = 4; // whose answers are always prompt is asked so many times less often: a probe costs two packets
const patientAfterMs = 60_000; // after it last fell behind
const relapseMs = 10_000; // falling behind again so soon means that it never really kept up
const firstWaitMs = 1000; // before it is trusted again after a relapse; doubled each time
const mostWaitMs = 30_000;
const leastLimitedBytes = 512; // a budget that has less room waits: a few values at once cost less than one by one
const limitAfterMs = 10_000; // time in which even the newest of everything was too much
const unlimitAfterMs = 10_000; // time in which the little was no trouble at all

export class Pace {
  #step: Step = 'full';
  /** Monotonic milliseconds of the last change of step. */
  stepSince: number;
  /** How long the last answered probe took; the age of the one on its way, if that is more, is in `lagMs`. */
  #roundTripMs = 0;
  #probedAt: number | undefined;
  #lastProbeAt = Number.NEGATIVE_INFINITY;
  /** How many times longer than others it goes without a probe. */
  #patience = 1;
  #windowBytes = firstWindowBytes;
  #roundBytes = 0;
  #lastRoundAt = Number.NEGATIVE_INFINITY;
  #buffered = 0;
  #progressAt = 0;
  #caughtUpAt = 0;
  #strainedAt = 0;
  #roseAt = Number.NEGATIVE_INFINITY;
  #relapses = 0;
  /** What it asked to be sent at most. */
  #limit: ByteBudget | undefined;
  readonly #options: PaceOptions;
  readonly #paced: Paced;

  constructor(paced: Paced, options: PaceOptions, now: number) {
    this.#paced = paced;
    this.#options = options;
    this.stepSince = now;
  }

  get step(): Step {
    return this.#step;
  }

  /** How far behind the session is, as far as is known. */
  lagMs(now: number): number {
    return Math.max(this.#roundTripMs, this.#probedAt === undefined ? 0 : now - this.#probedAt);
  }

  /** `probeEveryMs`: as often as there is time for. */
  look(now: number, probeEveryMs = this.#options.probeEveryMs): void {
    const buffered = this.#paced.bufferedBytes();
    if (this.#step === 'full') this.#lookAtFull(now, buffered, probeEveryMs);
    else this.#lookAtLaggard(now, buffered);
  }

  /** The answer to a probe sent at `sentAt`: all that was sent before it has been read. */
  ponged(sentAt: number, now: number): void {
    this.#progressAt = now;
    if (this.#probedAt === undefined || sentAt < this.#probedAt) return;
    this.#roundTripMs = now - this.#probedAt;
    this.#probedAt = undefined;
    this.#paced.answered(this.#roundTripMs);
    const isPrompt = this.#roundTripMs <= this.#options.lagMs * promptShare;
    const isSteady = isPrompt && now - this.#roseAt > patientAfterMs;
    this.#patience = isSteady ? Math.min(mostPatience, this.#patience * 2) : 1;
    if (this.#step === 'full') return;
    this.#adaptWindow();
    this.#lookAtLaggard(now, this.#paced.bufferedBytes());
  }

  /** Some of what was buffered has left. */
  drained(now: number): void {
    this.#progressAt = now;
    if (this.#step !== 'full') this.#lookAtLaggard(now, this.#paced.bufferedBytes());
  }

  /** From now on only the newest, as fast as it reads. Harmless for who is served so already. */
  fall(now: number, reason: string): void {
    if (this.#step !== 'full') return;
    this.#relapses = now - this.#roseAt < relapseMs ? this.#relapses + 1 : 0;
    this.#windowBytes = firstWindowBytes;
    this.#patience = 1;
    this.#progressAt = now;
    this.#caughtUpAt = now;
    this.#buffered = this.#paced.bufferedBytes();
    this.#go('conflated', now, 0, reason);
    this.#paced.hold();
    if (this.#probedAt === undefined) this.#probe(now);
  }

  /** From now on never more than this: it is served the newest, as fast as the budget allows. */
  limitTo(budget: ByteBudget, now: number): void {
    this.#limit = budget;
    this.fall(now, `asked for at most ${budget.bytesPerSec} bytes a second`);
  }

  #lookAtFull(now: number, buffered: number, probeEveryMs: number): void {
    const { highWaterBytes, lagMs } = this.#options;
    if (buffered > 0) this.#patience = 1; // the kernel is full, so there is cause to ask
    if (buffered > highWaterBytes) this.fall(now, 'buffer');
    else if (this.#probedAt !== undefined) {
      if (now - this.#probedAt > lagMs) this.fall(now, 'lag');
    } else if (
      now - this.#lastProbeAt >= probeEveryMs * this.#patience &&
      this.#paced.lastSentAt() > this.#lastProbeAt
    ) {
      this.#probe(now);
    }
  }

  #lookAtLaggard(now: number, buffered: number): void {
    const { lowWaterBytes, evictBytes, evictAfterMs, lagMs } = this.#options;
    const hasReadAll = buffered === 0 && this.#probedAt === undefined;
    if (hasReadAll || buffered < this.#buffered) this.#progressAt = now;
    this.#buffered = buffered;
    if (now - this.#progressAt > evictAfterMs) {
      this.#paced.evict(`nothing was read for ${Math.round((now - this.#progressAt) / 1000)} s (evictAfterMs)`);
    } else if (buffered > evictBytes && now - this.stepSince > lagMs) {
      this.#paced.evict(`${buffered} bytes wait to be read (evictBytes)`);
    } else if (buffered <= lowWaterBytes && this.#probedAt === undefined && this.#isTime(now)) {
      this.#round(now);
    }
  }

  /** Tells what changed; then either all is well, or a probe goes behind it and its pong calls for the next round. */
  #round(now: number): void {
    const { outcome, bytes } = this.#paced.catchUp(this.#windowNow(now));
    this.#limit?.spend(bytes);
    this.#roundBytes = bytes;
    this.#lastRoundAt = now;
    const isPrompt = this.#roundTripMs <= this.#options.lagMs / 2;
    if (outcome === 'caught up') this.#caughtUpAt = now;
    if (outcome === 'more' || !isPrompt) this.#strainedAt = now;
    if (outcome === 'caught up' && isPrompt && this.#step === 'conflated' && this.#isTrusted(now)) {
      this.#roseAt = now;
      this.#paced.release();
      this.#go('full', now, 0, 'caught up');
      return;
    }
    if (bytes > 0 || !isPrompt) this.#probe(now);
    this.#climbOrStep(now);
  }

  #climbOrStep(now: number): void {
    const { limitedRate } = this.#options;
    if (this.#step === 'conflated' && now - this.#caughtUpAt > limitAfterMs) {
      this.#strainedAt = now;
      this.#go('limited', now, limitedRate, 'even the newest values are too much');
    } else if (this.#step === 'limited' && now - Math.max(this.#strainedAt, this.stepSince) > unlimitAfterMs) {
      this.#caughtUpAt = now;
      this.#go('conflated', now, 0, 'keeps up again');
    }
  }

  /** On the last step rounds are rare, and with a budget they wait until it has room. */
  #isTime(now: number): boolean {
    if (this.#limit !== undefined && this.#limit.room(now) < Math.min(leastLimitedBytes, this.#limit.bytesPerSec / 4)) {
      return false;
    }
    return this.#step !== 'limited' || now - this.#lastRoundAt >= 1000 / this.#options.limitedRate;
  }

  /** Who fell behind again and again must show for longer that it keeps up. */
  #isTrusted(now: number): boolean {
    if (this.#limit !== undefined) return false;
    if (this.#relapses === 0) return true;
    return now - this.stepSince >= Math.min(mostWaitMs, firstWaitMs * 2 ** (this.#relapses - 1));
  }

  #windowNow(now: number): number {
    return this.#limit === undefined ? this.#windowBytes : Math.min(this.#windowBytes, this.#limit.room(now));
  }

  /** As much as is read in half of the lag that makes a laggard. */
  #adaptWindow(): void {
    if (this.#roundBytes === 0) return;
    const bytesPerMs = this.#roundBytes / Math.max(1, this.#roundTripMs);
    const wanted = bytesPerMs * (this.#options.lagMs / 2);
    this.#windowBytes = Math.min(mostWindowBytes, Math.max(leastWindowBytes, wanted));
    this.#roundBytes = 0;
  }

  #probe(now: number): void {
    this.#probedAt = now;
    this.#lastProbeAt = now;
    this.#paced.probe(now);
  }

  #go(step: Step, now: number, maxRate: number, reason: string): void {
    this.#step = step;
    this.stepSince = now;
    this.#paced.tell(step, maxRate, reason);
  }
}
