/** Sends everyone away before the server stops: each in a moment of its own, so that the next server is not stormed. */

import { drainSlots, shuffled } from './drain-slots.ts';
import type { ServerOptions } from './options.ts';

/** Whoever can be asked to leave. */
export type Guest = {
  readonly isGone: boolean;
  /** Says when to leave, to whoever can be told. Returns how long after that moment it may stay. */
  warn(slotMs: number, deadlineMs: number): number;
  /** That it has been given and not taken yet. */
  bufferedBytes(): number;
  /** Gives it some of what it has not been told yet; `caught up` when that is all. */
  settle(): 'caught up' | 'more';
  /** What it was given still goes out. Twice is harmless. */
  dismiss(): void;
};

export type DrainParts = {
  readonly options: Pick<ServerOptions, 'drainMs' | 'drainPerSec'>;
  /** Everyone who is here now. */
  readonly guests: () => Iterable<Guest>;
  readonly guestCount: () => number;
  /** Sends what streams hold. */
  readonly flush: () => void;
  readonly random?: () => number;
};

/** A guest whose time has come, or will. `movedAt`: when it last took some of what it is owed. */
type Departure = { readonly guest: Guest; readonly dueAt: number; owedBytes: number; movedAt: number };

const tickMs = 20;
const stuckMs = 2000; // who takes nothing for so long will not take the rest either
export const goodbyeMs = 250; // for close frames to leave and be answered; what is unread at the exit resets the connection

export class Drain {
  readonly #parts: DrainParts;
  #state: 'off' | 'on' | 'over' = 'off';
  #timer: NodeJS.Timeout | undefined;
  #waiting: Departure[] = []; // the next one last
  #due: Departure[] = [];
  #deadlineAt = 0;
  #dismissedAt = Number.NEGATIVE_INFINITY;
  #finished: () => void = () => {};

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** It has begun, and will not be taken back. */
  get isOn(): boolean {
    return this.#state !== 'off';
  }

  /** Resolves when nobody is left, or `drainMs` and a goodbye later. To be called once; after a stop it is over at once. */
  begin(): Promise<void> {
    const { drainMs } = this.#parts.options;
    const isStopped = this.#state === 'over';
    this.#state = 'on';
    if (isStopped || drainMs === 0 || this.#parts.guestCount() === 0) {
      this.#state = 'over';
      return Promise.resolve();
    }
    const now = performance.now();
    this.#deadlineAt = now + drainMs;
    this.#warnAll(now);
    this.#timer = setInterval(() => this.#tick(performance.now()), tickMs);
    return new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  /** Whoever is left stays for the stop to deal with. Twice is harmless. */
  stop(): void {
    this.#state = 'over';
    clearInterval(this.#timer);
    this.#finished();
  }

  #warnAll(now: number): void {
    const { options, guests, random = Math.random } = this.#parts;
    const all = shuffled(guests(), random);
    const slots = drainSlots(all.length, options);
    const departures = all.map((guest, i) => {
      const slotMs = slots[i] ?? 0;
      const dueAt = now + slotMs + guest.warn(slotMs, options.drainMs);
      return { guest, dueAt, owedBytes: 0, movedAt: dueAt };
    });
    this.#waiting = departures.sort((a, b) => b.dueAt - a.dueAt);
  }

  #tick(now: number): void {
    this.#callDue(now);
    if (this.#due.length > 0) {
      this.#parts.flush();
      this.#due = this.#due.filter((departure) => !this.#hasLeft(departure, now));
    }
    const isOver = this.#parts.guestCount() === 0 || now >= this.#deadlineAt;
    if (isOver && now - this.#dismissedAt >= goodbyeMs) this.stop();
  }

  #callDue(now: number): void {
    const isDeadline = now >= this.#deadlineAt;
    for (;;) {
      const next = this.#waiting.at(-1);
      if (next === undefined || (next.dueAt > now && !isDeadline)) return;
      this.#waiting.pop();
      this.#due.push(next);
    }
  }

  #hasLeft(departure: Departure, now: number): boolean {
    const { guest } = departure;
    if (guest.isGone) return true;
    if (now < this.#deadlineAt && this.#isOwed(departure, now)) return false;
    guest.dismiss();
    this.#dismissedAt = now;
    return true;
  }

  /** A laggard gets the rest as fast as it reads, for as long as it does. */
  #isOwed(departure: Departure, now: number): boolean {
    const { guest } = departure;
    const isMore = guest.bufferedBytes() === 0 && guest.settle() === 'more';
    const owedBytes = guest.bufferedBytes();
    if (isMore || owedBytes < departure.owedBytes) departure.movedAt = now;
    departure.owedBytes = owedBytes;
    return (isMore || owedBytes > 0) && now - departure.movedAt < stuckMs;
  }
}
