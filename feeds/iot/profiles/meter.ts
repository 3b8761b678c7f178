import type { Rng } from '../../../src/feed/index.ts';
import { round } from '../../physics/numbers.ts';
import { Ou } from '../../physics/ou.ts';
import type { Body, BodyParts, Moment, Profile } from '../profile.ts';

/** A household's electricity meter: a load with a morning and an evening peak, appliances, and a counter. */
export const meter: Profile = {
  kind: 'meter',
  models: ['E3-Meter', 'E3-Meter S'],
  power: 'mains',
  metrics: [
    { name: 'power', unit: 'W', type: 'f64', min: 0 },
    { name: 'energy', unit: 'kWh', type: 'f64', min: 0 },
    { name: 'voltage', unit: 'V', type: 'f64', min: 0 },
    { name: 'current', unit: 'A', type: 'f64', min: 0 },
  ],
  create: (parts) => new Meter(parts),
};

class Meter implements Body {
  readonly #habits: Rng;
  readonly #load: Ou;
  readonly #grid: Ou;
  readonly #baseW: number;
  #running: { watts: number; untilSec: number }[] = [];
  #watts = 0;
  #wattSeconds: number;

  constructor({ rng }: BodyParts) {
    const build = rng('build');
    this.#habits = rng('habits');
    this.#load = new Ou(1800, rng('load').normal);
    this.#grid = new Ou(900, rng('grid').normal);
    this.#baseW = 150 + 200 * build.float();
    this.#wattSeconds = 3.6e6 * (1000 + 20_000 * build.float());
  }

  advance({ sec, stepSec, localHour }: Moment): void {
    const peaks = 600 * bump(localHour, 7.5, 1.2) + 1100 * bump(localHour, 19.5, 2);
    this.#grid.advance(stepSec);
    this.#switchOn(sec, stepSec, peaks);
    const appliances = this.#running.reduce((sum, { watts }) => sum + watts, 0);
    this.#watts = (this.#baseW + peaks) * Math.exp(0.25 * this.#load.advance(stepSec)) + appliances;
    this.#wattSeconds += this.#watts * stepSec;
  }

  read() {
    const volts = 230 + 2 * this.#grid.value - 0.0006 * this.#watts;
    const amperes = this.#watts / volts / 0.95; // power factor
    return [round(this.#watts, 0), round(this.#wattSeconds / 3.6e6, 3), round(volts, 1), round(amperes, 2)];
  }

  /** People use things when they are up and at home. */
  #switchOn(sec: number, stepSec: number, peaks: number): void {
    this.#running = this.#running.filter(({ untilSec }) => untilSec > sec);
    const activity = 0.3 + peaks / 500;
    for (const { watts, minutes, perDay } of appliances) {
      const started = this.#habits.poisson((perDay * activity * stepSec) / 86_400);
      if (started > 0) this.#running.push({ watts, untilSec: sec + minutes * 60 * (0.5 + this.#habits.float()) });
    }
  }
}

const appliances = [
  { watts: 2000, minutes: 3, perDay: 5 }, // kettle
  { watts: 1100, minutes: 4, perDay: 4 }, // microwave
  { watts: 2400, minutes: 35, perDay: 0.8 }, // oven
  { watts: 2100, minutes: 25, perDay: 0.7 }, // washing machine, heating
  { watts: 120, minutes: 15, perDay: 40 }, // refrigerator
] as const;

function bump(hour: number, peak: number, width: number): number {
  return Math.exp(-(((hour - peak) / width) ** 2) / 2);
}
