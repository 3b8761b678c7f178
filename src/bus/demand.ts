/** What subscribers want, asked by pattern, so that feeds run for somebody and no faster than anybody reads. */

import { overlaps } from '../protocol/index.ts';
import { SegmentTrie } from './segment-trie.ts';

/** The demand for the topics under some patterns. */
export type Demand = {
  /** Updates a second for each topic, the highest that anybody wants. Infinity: as they come. 0: nobody wants any. */
  rate(): number;
  /** Calls the listener some time after each change, never within `add`, `drop`, `touch` or `of`. Returns the undo. */
  onChange(listener: () => void): () => void;
};

export type DemandParts = {
  /** What is wanted no more counts for so much longer: a page that is loaded again finds its feeds running. */
  readonly lingerMs: number;
  /** Runs `run` once; returns how to call it off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
};

export class DemandBook {
  readonly #parts: DemandParts;
  readonly #wishes = new Map<string, Wish>();
  readonly #asked: AskedDemand[] = [];
  readonly #index = new SegmentTrie<AskedDemand>();
  #isStopped = false;

  constructor({ lingerMs, after }: DemandParts) {
    this.#parts = { lingerMs, after: (delayMs, run) => (this.#isStopped ? nothing : after(delayMs, run)) };
  }

  /** A stream with this pattern appeared; a rate of Infinity takes updates as they come. */
  add(pattern: string, maxRate: number): void {
    const wish = this.#wishes.get(pattern) ?? this.#open(pattern);
    wish.rates.set(maxRate, (wish.rates.get(maxRate) ?? 0) + 1);
    for (const demand of wish.demands) demand.raise(maxRate);
  }

  /** It is gone. Dropping what was not added is harmless. */
  drop(pattern: string, maxRate: number): void {
    const wish = this.#wishes.get(pattern);
    const count = wish?.rates.get(maxRate);
    if (wish === undefined || count === undefined) return;
    if (count > 1) wish.rates.set(maxRate, count - 1);
    else wish.rates.delete(maxRate);
    if (wish.rates.size === 0) this.#wishes.delete(pattern);
    for (const demand of wish.demands) demand.lower(maxRate);
  }

  /** Somebody looked at this topic: it is wanted as it comes until the linger is over. */
  touch(topic: string): void {
    for (const demand of new Set(this.#index.selecting(topic))) demand.touch();
  }

  /** Begins as if touched, so that a feed runs once for the linger and its topics are there to be found. */
  of(patterns: readonly string[]): Demand {
    const demand = new AskedDemand(patterns, this.#parts);
    this.#asked.push(demand);
    for (const pattern of patterns) this.#index.add(pattern, demand);
    for (const wish of this.#wishes.values()) {
      if (!demand.overlaps(wish.pattern)) continue;
      wish.demands.push(demand);
      for (const [rate, count] of wish.rates) demand.raise(rate, count);
    }
    demand.touch();
    return demand;
  }

  /** Nothing lingers from now on, and no timer is left. */
  stop(): void {
    this.#isStopped = true;
    for (const demand of this.#asked) demand.forget();
  }

  #open(pattern: string): Wish {
    const wish = { pattern, rates: new Map(), demands: this.#asked.filter((demand) => demand.overlaps(pattern)) };
    this.#wishes.set(pattern, wish);
    return wish;
  }
}

/** One pattern that streams have: how many of them at each rate, and whose business that is. */
type Wish = { readonly pattern: string; readonly rates: Map<number, number>; readonly demands: AskedDemand[] };

/** How many streams want one rate; one that none wants any more lingers. */
type Level = { count: number; linger: (() => void) | undefined };

class AskedDemand implements Demand {
  readonly #patterns: readonly string[];
  readonly #parts: DemandParts;
  readonly #levels = new Map<number, Level>();
  readonly #listeners = new Set<() => void>();
  #rate = 0;
  #isTelling = false;

  constructor(patterns: readonly string[], parts: DemandParts) {
    this.#patterns = patterns;
    this.#parts = parts;
  }

  rate(): number {
    return this.#rate;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  overlaps(pattern: string): boolean {
    return this.#patterns.some((mine) => overlaps(mine, pattern));
  }

  raise(rate: number, count = 1): void {
    const level = this.#levelOf(rate);
    level.count += count;
    level.linger?.();
    level.linger = undefined;
    if (rate > this.#rate) this.#become(rate);
  }

  lower(rate: number): void {
    const level = this.#levelOf(rate);
    level.count--;
    if (level.count > 0) return;
    level.linger = this.#parts.after(this.#parts.lingerMs, () => {
      this.#levels.delete(rate);
      if (rate === this.#rate) this.#become(this.#highest());
    });
  }

  touch(): void {
    this.raise(Number.POSITIVE_INFINITY);
    this.lower(Number.POSITIVE_INFINITY);
  }

  forget(): void {
    for (const { linger } of this.#levels.values()) linger?.();
  }

  #highest(): number {
    let highest = 0;
    for (const rate of this.#levels.keys()) highest = Math.max(highest, rate);
    return highest;
  }

  #levelOf(rate: number): Level {
    const level = this.#levels.get(rate) ?? { count: 0, linger: undefined };
    this.#levels.set(rate, level);
    return level;
  }

  /** The hub calls from the midst of its work: listeners hear of it when that is done, and once for many changes. */
  #become(rate: number): void {
    this.#rate = rate;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

function nothing(): void {}
