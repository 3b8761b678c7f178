import type { Rng } from '../../../src/feed/index.ts';
import { clamp, round } from '../../physics/numbers.ts';
import { Ou } from '../../physics/ou.ts';
import { clearSkyIrradiance, cloudTransmittance, sunAt } from '../../physics/sun.ts';
import type { Station } from '../../weather/stations.ts';
import type { Body, BodyParts, Moment, Profile } from '../profile.ts';

/** A solar inverter under the sky of its site: nothing at night, less when hot, ragged when clouds are broken. */
export const pv: Profile = {
  kind: 'pv',
  models: ['Helio 10', 'Helio 20'],
  power: 'mains',
  metrics: [
    { name: 'power', unit: 'W', type: 'f64', min: 0 },
    { name: 'energy', unit: 'kWh', type: 'f64', min: 0 },
    { name: 'cell-temperature', unit: 'Cel', type: 'f64', min: -60, max: 120 },
    { name: 'status', unit: '', type: 'str' },
  ],
  create: (parts) => new Inverter(parts),
};

class Inverter implements Body {
  readonly #station: Station;
  readonly #noise: Rng;
  readonly #flicker: Ou;
  readonly #areaM2: number;
  readonly #ratedW: number;
  #watts = 0;
  #wattSeconds: number;
  #cellC = 15;

  constructor({ place, rng }: BodyParts) {
    const build = rng('build');
    this.#station = place.station;
    this.#noise = rng('noise');
    this.#flicker = new Ou(90, rng('flicker').normal); // seconds: single clouds passing
    this.#areaM2 = 40 + 80 * build.float();
    this.#ratedW = 0.85 * panelEfficiency * this.#areaM2 * 1000;
    this.#wattSeconds = 3.6e6 * (2000 + 30_000 * build.float());
  }

  advance({ sec, stepSec, air }: Moment): void {
    const { cosZenith } = sunAt(sec / 3600, this.#station.lat, this.#station.lon);
    const irradiance = clearSkyIrradiance(cosZenith) * this.#light(air.cloud, stepSec);
    this.#cellC = air.celsius + 0.03 * irradiance;
    const raw = panelEfficiency * this.#areaM2 * irradiance * (1 - 0.004 * (this.#cellC - 25));
    this.#watts = clamp(raw * 0.96, 0, this.#ratedW);
    this.#wattSeconds += this.#watts * stepSec;
  }

  read() {
    const status = this.#watts === 0 ? 'night' : this.#watts === this.#ratedW ? 'limited' : 'producing';
    const cellC = round(this.#cellC + 0.2 * this.#noise.normal(), 1);
    return [round(this.#watts, 1), round(this.#wattSeconds / 3.6e6, 3), cellC, status];
  }

  /** The share of clear-sky light: broken cloud flickers, a clear or a closed sky does not. */
  #light(cloud: number, stepSec: number): number {
    const ragged = 1 + 1.2 * cloud * (1 - cloud) * this.#flicker.advance(stepSec);
    return clamp(cloudTransmittance(cloud) * ragged, 0.05, 1);
  }
}

const panelEfficiency = 0.19;
