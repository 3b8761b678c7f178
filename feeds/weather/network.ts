import { Atmosphere } from './atmosphere.ts';
import type { Obs } from './messages.ts';
import { Observer } from './observer.ts';
import { RegionalField, type RngSource } from './regional-field.ts';
import { stations as knownStations, type Station } from './stations.ts';

/** One observation as it falls due. */
export type Due = { readonly station: Station; readonly sec: number; readonly obs: Obs };

/** Virtual seconds between two observations of a station. */
export const reportSec = 60;

/**
 * Stations under one sky, each reporting once a minute at a second of its own, so that a network's reports come evenly
 * and not all at once. Times are whole seconds since 1970. What a station reports does not hang on the others.
 */
export class WeatherNetwork {
  readonly #sites: readonly Site[];
  readonly #startSec: number;
  #sec: number;

  /**
   * Has been running for ten days at `startSec`: recent weather matters to temperature and soil. The last `pastHours` of
   * them, fewer than those, are there to be seen.
   */
  constructor(stations: readonly Station[], startSec: number, rng: RngSource, pastHours = 0) {
    const beginSec = startSec - warmUpSec;
    const field = new RegionalField(beginSec / 3600, rng);
    this.#sites = stations.map((station) => makeSite(station, beginSec / 3600, field, rng));
    this.#startSec = startSec;
    this.#sec = beginSec;
    this.#stride(startSec - pastHours * 3600);
  }

  /** What every station saw each half hour before the start. Once, before all else. */
  *past(): Generator<Due> {
    while (this.#sec < this.#startSec) {
      for (const site of this.#sites) yield look(site, this.#sec);
      this.#stride(this.#sec + strideSec);
    }
  }

  /** What every station sees at this very moment. */
  *current(): Generator<Due> {
    for (const site of this.#sites) yield look(site, this.#sec);
  }

  /** Everything that falls due up to and with `sec`, in the order of time. After a long pause only the newest. */
  *advanceTo(sec: number): Generator<Due> {
    if (sec - this.#sec > catchUpSec) this.#stride(sec - reportSec);
    while (this.#sec < sec) {
      this.#sec++;
      for (const site of this.#sites) if (this.#sec % reportSec === site.secondOfMinute) yield look(site, this.#sec);
    }
  }

  /** Moves on without observing, all stations in step because their shared weather keeps no past. */
  #stride(toSec: number): void {
    while (this.#sec < toSec) {
      this.#sec = Math.min(toSec, this.#sec + strideSec);
      for (const { atmosphere, observer } of this.#sites) {
        atmosphere.advance(this.#sec / 3600);
        observer.watch(this.#sec / 3600);
      }
    }
  }
}

const warmUpSec = 10 * 86_400;
const strideSec = 1800;
// A laptop that slept for a night need not publish the night.
const catchUpSec = 2 * 3600;

type Site = { readonly atmosphere: Atmosphere; readonly observer: Observer; readonly secondOfMinute: number };

function makeSite(station: Station, hours: number, field: RegionalField, rng: RngSource): Site {
  const atmosphere = new Atmosphere(station, hours, field, rng);
  return { atmosphere, observer: new Observer(atmosphere, rng), secondOfMinute: secondOf(station) };
}

/** By the place in the list of all stations: leaving some out moves no other. 7 and 60 share no factor, so all differ. */
function secondOf({ id }: Station): number {
  const place = knownStations.findIndex((station) => station.id === id);
  return (7 * Math.max(0, place)) % reportSec;
}

function look({ atmosphere, observer }: Site, sec: number): Due {
  atmosphere.advance(sec / 3600);
  return { station: atmosphere.station, sec, obs: observer.observe(sec / 3600) };
}
