import type { Rng } from '../../src/feed/index.ts';
import { clamp } from '../physics/numbers.ts';
import type { Power } from './profile.ts';

/** Percent left in a device's battery, by the virtual clock alone. Mains never runs down. */
export class Battery {
  readonly power: Power;
  #percent: number;

  constructor(power: Power, rng: Rng, percent = 30 + 70 * rng.float()) {
    this.power = power;
    this.#percent = power === 'mains' ? 100 : percent;
  }

  get percent(): number {
    return this.#percent;
  }

  /** Time passes: cold drains twice as fast, sunshine (W/m²) charges what has a panel. */
  advance(stepSec: number, celsius: number, irradiance: number): void {
    if (this.power === 'mains') return;
    const { percentPerHour, chargePerHour } = rates[this.power];
    const drain = percentPerHour * (celsius < 0 ? 2 : 1);
    const gain = (chargePerHour * irradiance) / 1000;
    this.#percent = clamp(this.#percent + ((gain - drain) * stepSec) / 3600, 0, 100);
  }

  /** One message sent. */
  spend(): void {
    if (this.power !== 'mains') this.#percent = Math.max(0, this.#percent - rates[this.power].percentPerMessage);
  }

  replace(): void {
    this.#percent = 100;
  }
}

// A cell lasts four to five months at a message every five seconds; a panel lives from day to day.
const rates = {
  cell: { percentPerHour: 0.004, percentPerMessage: 0.000_04, chargePerHour: 0 },
  solar: { percentPerHour: 0.6, percentPerMessage: 0.000_04, chargePerHour: 8 },
} as const;
