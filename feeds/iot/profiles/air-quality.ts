import type { Rng } from '../../../src/feed/index.ts';
import { clamp, round } from '../../physics/numbers.ts';
import { Ou, relax } from '../../physics/ou.ts';
import type { Body, BodyParts, Moment, Profile } from '../profile.ts';

/** A roadside air monitor on solar power: fine dust from traffic, washed out by rain and blown away by wind. */
export const airQuality: Profile = {
  kind: 'air',
  models: ['Aura S', 'Aura S2'],
  power: 'solar',
  metrics: [
    { name: 'pm25', unit: 'ug/m3', type: 'f64', min: 0 },
    { name: 'pm10', unit: 'ug/m3', type: 'f64', min: 0 },
    { name: 'temperature', unit: 'Cel', type: 'f64', min: -60, max: 70 },
  ],
  create: (parts) => new AirQuality(parts),
};

class AirQuality implements Body {
  readonly #noise: Rng;
  readonly #weather: Ou;
  readonly #usual: number;
  readonly #coarseShare: number;
  #pm25: number;
  #celsius = 15;

  constructor({ rng }: BodyParts) {
    const build = rng('build');
    this.#noise = rng('noise');
    this.#weather = new Ou(6 * 3600, rng('weather').normal);
    this.#usual = 6 + 10 * build.float();
    this.#coarseShare = 1.4 + 0.5 * build.float();
    this.#pm25 = this.#usual;
  }

  advance({ stepSec, localHour, air }: Moment): void {
    const rush = 1 + 0.7 * rushHour(localHour, 8) + 0.5 * rushHour(localHour, 17.5);
    const swept = (air.rainMmPerHour > 0 ? 0.5 : 1) * clamp(3.5 / Math.max(1, air.windMs), 0.5, 1.8);
    const settled = this.#usual * rush * swept * Math.exp(0.5 * this.#weather.advance(stepSec));
    this.#pm25 = relax(this.#pm25, settled, stepSec, 1800); // streets hold their air for half an hour
    this.#celsius = relax(this.#celsius, air.celsius, stepSec, 600);
  }

  read() {
    const fine = this.#pm25 * Math.exp(0.04 * this.#noise.normal());
    const coarse = fine * this.#coarseShare * Math.exp(0.04 * this.#noise.normal());
    const celsius = this.#celsius + 0.1 * this.#noise.normal();
    return [round(fine, 1), round(Math.max(fine, coarse), 1), round(celsius, 1)];
  }
}

function rushHour(hour: number, peak: number): number {
  return Math.exp(-((hour - peak) ** 2) / 2);
}
