/** When a timer feed's ticks fall: on whole multiples of `every`, and no more of them than anybody wants. */

import type { Clock } from './clock.ts';
import type { Micros } from './define-feed.ts';
import type { FeedDemand } from './feed-parts.ts';
import type { FeedStart } from './feed-start.ts';

const farAhead: Micros = 1_000_000; // the wall was set back by this or more: begin a new beat rather than fall silent

export class Beat {
  readonly every: Micros;
  /** The deadline of the next tick. */
  due: Micros;
  readonly #clock: Clock;
  readonly #demand: FeedDemand;
  readonly #longest: Micros;
  /** Undefined until the first tick since the beat began or went on. */
  #last: Micros | undefined;

  constructor(start: FeedStart, every: Micros) {
    this.every = every;
    this.#clock = start.clock;
    this.#demand = start.demand;
    this.#longest = longestPeriod(start);
    this.due = nextMultiple(this.#clock.now(), this.every);
  }

  /** Nobody wants more. One tick is due after every beginning all the same, so that the topics show what is now. */
  get isIdle(): boolean {
    return this.#last !== undefined && this.#demand.rate() === 0;
  }

  /** Moves a deadline that is long past: `catchUp` late ticks and the newest remain. Returns how many are left out. */
  skipLate(catchUp: number): number {
    if (this.#clock.isVirtual) return 0;
    const period = this.#period();
    const late = Math.max(0, Math.floor((this.#clock.now() - this.due) / period) - catchUp);
    this.due += late * period;
    return late;
  }

  ticked(): void {
    this.#last = this.due;
    this.due = this.#dueAfter(this.#last);
  }

  /** Another rate is wanted: the next tick is sooner or later than it was, but neither made up for nor skipped. */
  changed(): void {
    if (this.#last === undefined) return;
    const soonest = nextMultiple(this.#clock.now() - 1, this.every);
    this.due = Math.max(soonest, this.#dueAfter(this.#last));
  }

  /** After a rest: what would have been ticks meanwhile is not made up for. */
  resume(): void {
    this.#last = undefined;
    this.due = nextMultiple(this.#clock.now(), this.every);
  }

  #dueAfter(last: Micros): Micros {
    const period = this.#period();
    const next = last + period;
    const now = this.#clock.now();
    return next - now > Math.max(2 * period, farAhead) ? nextMultiple(now, this.every) : next;
  }

  /** The fewest whole beats that last as long as the rate asks for. */
  #period(): Micros {
    const rate = this.#demand.rate() || Number.POSITIVE_INFINITY; // the tick that is due in any case is not slowed
    const wanted = Math.min(1_000_000 / rate, this.#longest);
    return this.every * Math.max(1, Math.ceil(wanted / this.every - 1e-9)); // 1/rate is seldom exact in binary
  }
}

/** Half the shortest silence that its topics declare: being slowed must not make them stale. */
function longestPeriod({ feed, config }: FeedStart): Micros {
  const silences = Object.values(feed.topicsOf(config)).flatMap(({ maxSilenceMs = [] }) => maxSilenceMs);
  return (Math.min(...silences) * 1000) / 2;
}

/** Always later than now: setup has the moment of the start to itself. */
function nextMultiple(now: Micros, every: Micros): Micros {
  return now - (now % every) + every;
}
