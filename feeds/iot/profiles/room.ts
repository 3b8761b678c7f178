import type { Rng } from '../../../src/feed/index.ts';
import { saturationPressure } from '../../physics/humidity.ts';
import { clamp, round } from '../../physics/numbers.ts';
import { relax } from '../../physics/ou.ts';
import type { Body, BodyParts, Moment, Profile } from '../profile.ts';

/** The climate of one office room: a thermal mass, a thermostat, a window to the sun and people who breathe. */
export const room: Profile = {
  kind: 'room',
  models: ['Clima 2', 'Clima 2 CO2'],
  power: 'cell',
  metrics: [
    { name: 'temperature', unit: 'Cel', type: 'f64', min: -20, max: 60 },
    { name: 'humidity', unit: '%RH', type: 'f64', min: 0, max: 100 },
    { name: 'co2', unit: 'ppm', type: 'i64', min: 0, max: 10_000 },
    { name: 'mode', unit: '', type: 'str' },
  ],
  create: (parts) => new Room(parts),
};

type Mode = 'idle' | 'heating' | 'cooling';

class Room implements Body {
  readonly #people: Rng;
  readonly #noise: Rng;
  readonly #kelvinPerWatt: number;
  readonly #thermalSec: number;
  readonly #windowM2: number;
  #mode: Mode = 'idle';
  #celsius = 20;
  #vapour = 10;
  #co2 = outdoorPpm;
  #occupants = 0;

  constructor({ rng }: BodyParts) {
    const build = rng('build');
    this.#people = rng('people');
    this.#noise = rng('noise');
    this.#kelvinPerWatt = 0.008 + 0.004 * build.float(); // about 100 W for each degree
    this.#thermalSec = this.#kelvinPerWatt * (3e6 + 2e6 * build.float()); // times J/K: eight to sixteen hours
    this.#windowM2 = 1 + build.float();
  }

  advance({ stepSec, localHour, air }: Moment): void {
    this.#comeAndGo(localHour, stepSec);
    this.#thermostat(localHour);
    const watts = plantWatts[this.#mode] + 100 * this.#occupants + 0.5 * this.#windowM2 * air.irradiance;
    const settled = air.celsius + this.#kelvinPerWatt * watts;
    this.#celsius = relax(this.#celsius, settled, stepSec, this.#thermalSec);
    this.#co2 = relax(this.#co2, outdoorPpm + ppmPerPerson * this.#occupants, stepSec, airChangeSec);
    const vapour = relax(this.#vapour, air.vapour + 0.4 * this.#occupants, stepSec, airChangeSec);
    this.#vapour = Math.min(vapour, 0.95 * saturationPressure(this.#celsius)); // the rest is on the windows
  }

  read() {
    const celsius = this.#celsius + 0.05 * this.#noise.normal();
    const humidity = (100 * this.#vapour) / saturationPressure(this.#celsius) + 0.3 * this.#noise.normal();
    const co2 = this.#co2 + 5 * this.#noise.normal();
    return [round(celsius, 2), round(clamp(humidity, 0, 100), 1), Math.round(Math.max(350, co2)), this.#mode];
  }

  /** Every twenty minutes or so somebody does. */
  #comeAndGo(localHour: number, stepSec: number): void {
    if (this.#people.float() > 1 - Math.exp(-stepSec / 1200)) return;
    this.#occupants = Math.min(6, this.#people.poisson(isOfficeHour(localHour) ? 2.5 : 0.05));
  }

  #thermostat(localHour: number): void {
    const heatTo = isOfficeHour(localHour) ? 21 : 17;
    if (this.#celsius < heatTo - 0.5) this.#mode = 'heating';
    else if (this.#celsius > 26) this.#mode = 'cooling';
    else if (this.#mode === 'heating' && this.#celsius > heatTo + 0.5) this.#mode = 'idle';
    else if (this.#mode === 'cooling' && this.#celsius < 24.5) this.#mode = 'idle';
  }
}

const plantWatts: Record<Mode, number> = { idle: 0, heating: 3500, cooling: -3500 };
const outdoorPpm = 420;
// 18 litres an hour each into 60 m³, changed one and a half times an hour.
const ppmPerPerson = 200;
const airChangeSec = 2400;

function isOfficeHour(localHour: number): boolean {
  return localHour >= 7.5 && localHour < 18;
}
