import type { z } from 'zod';
import type { metarMessage, Obs } from './messages.ts';
import { metarOf, weatherClass } from './metar.ts';
import { stations as knownStations, type Station } from './stations.ts';

export type Metar = z.input<typeof metarMessage>;

/** Decides for one station which of its observations become reports: one an hour, and each significant change. */
export class MetarDesk {
  readonly #station: Station;
  readonly #minute: number;
  #class = '';
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(station: Station) {
    this.#station = station;
    this.#minute = minuteOf(station);
  }

  /** The report that an observation at `sec` gives rise to. */
  report(sec: number, obs: Obs): Metar | undefined {
    const type = this.#typeOf(sec, obs);
    if (type === undefined) return undefined;
    this.#class = weatherClass(this.#station.id, obs);
    this.#reportedAt = sec;
    return { raw: metarOf(type, this.#station, sec, obs), obsTime: sec * 1e6, type };
  }

  /** An instrument that fails changes no weather. */
  #typeOf(sec: number, obs: Obs): Metar['type'] | undefined {
    const isFirst = this.#reportedAt === Number.NEGATIVE_INFINITY;
    if (isFirst || Math.floor(sec / 60) % 60 === this.#minute) return 'METAR';
    if (obs.vis === null || sec - this.#reportedAt < leastBetweenSec) return undefined;
    return weatherClass(this.#station.id, obs) === this.#class ? undefined : 'SPECI';
  }
}

const leastBetweenSec = 300; // weather on the edge of a class must not fill the page

/** Some minutes before the full hour in America, about the half or the full hour elsewhere. */
function minuteOf({ id }: Station): number {
  const place = Math.max(
    0,
    knownStations.findIndex((station) => station.id === id),
  );
  return /^[KP]/.test(id) ? 51 + (place % 6) : 30 * (place % 2);
}
