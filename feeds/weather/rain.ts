import type { Rng } from '../../src/feed/index.ts';
import { clamp, normalCdf } from '../physics/numbers.ts';
import { seasonal } from '../physics/sun.ts';
import type { Climate } from './climate.ts';
import type { RegionalView } from './regional-field.ts';
import type { Station } from './stations.ts';

/**
 * When it rains and how much (after Richardson & Wright's WGEN): wet and dry days form a Markov chain decided at local
 * midnight; the rain of a wet day falls in a few showers. Neighbours tend to be wet on the same days.
 */
export class Rain {
  isWetDay: boolean;
  /** All that has fallen since the start, mm: the rain of any interval is a difference of this. */
  totalMm = 0;
  readonly #station: Station;
  readonly #climate: Climate;
  readonly #region: RegionalView;
  readonly #rng: Rng;
  #day = Number.NaN;
  #hours = Number.NaN;
  #showers: Shower[] = [];

  constructor(station: Station, climate: Climate, region: RegionalView, rng: Rng) {
    this.#station = station;
    this.#climate = climate;
    this.#region = region;
    this.#rng = rng;
    this.isWetDay = rng.float() < station.wetAfterDry;
  }

  /** Brings the total up to this time, planning the next local day when it begins. Steps must be under a day. */
  advance(hours: number): void {
    const offset = localOffsetHours(this.#station.lon);
    const day = Math.floor((hours + offset) / 24);
    if (day !== this.#day) this.#turn(day, day * 24 - offset, hours);
    this.totalMm += this.#fallen(this.#hours, hours);
    this.#hours = hours;
  }

  /** mm/h at this moment. */
  rate(hours: number): number {
    let sum = 0;
    for (const { start, end, mmPerHour } of this.#showers) if (hours >= start && hours < end) sum += mmPerHour;
    return sum;
  }

  #turn(day: number, midnight: number, now: number): void {
    this.totalMm += this.#fallen(this.#hours, midnight);
    this.#hours = Number.isNaN(this.#day) ? now : midnight;
    this.#day = day;
    this.isWetDay = this.#draw(day) < this.#wetChance(midnight);
    this.#showers = this.isWetDay ? this.#plan(midnight) : [];
  }

  #fallen(fromHours: number, toHours: number): number {
    let sum = 0;
    for (const { start, end, mmPerHour } of this.#showers) {
      sum += Math.max(0, Math.min(toHours, end) - Math.max(fromHours, start)) * mmPerHour;
    }
    return sum;
  }

  #wetChance(midnight: number): number {
    const { wetAfterDry, wetAfterWet } = this.#station;
    const { wetSwing, wettestDay } = this.#climate;
    // Half the swing: wet days crowd into the wet season, so the whole would raise the year's wet-after-wet.
    const [chance, swing] = this.isWetDay ? [wetAfterWet, wetSwing / 2] : [wetAfterDry, wetSwing];
    return clamp(chance * (1 + swing * seasonal(midnight, wettestDay)), 0.005, 0.97);
  }

  /** Uniform in (0, 1), partly the region's. */
  #draw(day: number): number {
    return normalCdf(Math.SQRT1_2 * (this.#region.ofDay(day) + this.#rng.normal()));
  }

  #plan(midnight: number): Shower[] {
    const { rainShape, rainScaleMm } = this.#climate;
    const totalMm = 0.3 + this.#rng.gamma(rainShape, rainScaleMm);
    const parts = Array.from({ length: 1 + this.#rng.poisson(1.5) }, () => this.#shower(midnight));
    const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
    return parts.map(({ start, lasts, weight }) => ({
      start,
      end: start + lasts,
      mmPerHour: (totalMm * weight) / weights / lasts,
    }));
  }

  #shower(midnight: number): { start: number; lasts: number; weight: number } {
    const lasts = Math.min(12, 0.3 + 2.5 * this.#rng.exponential());
    const start = midnight + this.#rng.float() * (24 - lasts);
    return { start, lasts, weight: lasts * (0.2 + this.#rng.exponential()) };
  }
}

/** Local mean time in whole hours: midnight where the sun says so, near enough, and no summer time. */
export function localOffsetHours(lon: number): number {
  return Math.round(lon / 15);
}

type Shower = { readonly start: number; readonly end: number; readonly mmPerHour: number };
