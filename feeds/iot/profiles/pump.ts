import type { Rng } from '../../../src/feed/index.ts';
import { round } from '../../physics/numbers.ts';
import { Ou, relax } from '../../physics/ou.ts';
import { type Body, type BodyParts, type Moment, note, type Profile } from '../profile.ts';

/** A pump whose bearing wears out over weeks: vibration and heat rise, it fails, it is serviced, it begins anew. */
export const pump: Profile = {
  kind: 'pump',
  models: ['VibroSense 1', 'VibroSense 3'],
  power: 'mains',
  metrics: [
    { name: 'vibration', unit: 'mm/s', type: 'f64', min: 0 },
    { name: 'bearing-temperature', unit: 'Cel', type: 'f64', min: -40, max: 200 },
    { name: 'speed', unit: '1/min', type: 'f64', min: 0 },
    { name: 'running', unit: '', type: 'bool' },
  ],
  create: (parts) => new Pump(parts),
};

type Duty = { readonly name: 'running' } | { readonly name: 'failed'; readonly untilSec: number };

class Pump implements Body {
  readonly #raise: BodyParts['raise'];
  readonly #life: Rng;
  readonly #noise: Rng;
  readonly #rumble: Ou;
  readonly #lifeSec: number;
  #duty: Duty = { name: 'running' };
  #wear: number;
  #bearingC = 35;
  #isWarned = false;

  constructor({ rng, raise }: BodyParts) {
    this.#raise = raise;
    this.#life = rng('life');
    this.#noise = rng('noise');
    this.#rumble = new Ou(600, rng('rumble').normal);
    this.#lifeSec = (40 + 80 * this.#life.float()) * 86_400;
    this.#wear = 0.85 * this.#life.float();
  }

  advance({ sec, stepSec, air }: Moment): void {
    this.#rumble.advance(stepSec);
    const isRunning = this.#duty.name === 'running';
    if (isRunning) this.#wear += stepSec / this.#lifeSec;
    const hall = 14 + 0.3 * air.celsius;
    this.#bearingC = relax(this.#bearingC, isRunning ? hall + 20 + 30 * this.#wear ** 2 : hall, stepSec, 1800);
    this.#turn(sec);
  }

  read() {
    const isRunning = this.#duty.name === 'running';
    const vibration = isRunning ? this.#vibration() : 0.05;
    const rpm = isRunning ? 1480 - 6 * this.#wear + 1.5 * this.#noise.normal() : 0;
    const bearing = this.#bearingC + 0.1 * this.#noise.normal();
    const measured = vibration * (1 + 0.03 * this.#noise.normal());
    return [round(Math.max(0, measured), 2), round(bearing, 1), round(rpm, 0), isRunning];
  }

  /** rms; new 1.2 mm/s, worn out above 8. */
  #vibration(): number {
    return (1.2 + 7 * this.#wear ** 3) * Math.exp(0.08 * this.#rumble.value);
  }

  #turn(sec: number): void {
    if (this.#duty.name === 'failed') {
      if (sec >= this.#duty.untilSec) this.#service();
    } else if (this.#wear >= 1) this.#fail(sec);
    else if (!this.#isWarned && this.#vibration() > warnMmS) this.#warn();
  }

  #warn(): void {
    this.#isWarned = true;
    const value = round(this.#vibration(), 2);
    this.#raise({ kind: 'high-vibration', level: 'warning', text: `vibration above ${warnMmS} mm/s`, value });
  }

  #fail(sec: number): void {
    this.#duty = { name: 'failed', untilSec: sec + 3600 * (2 + 6 * this.#life.float()) };
    this.#raise(note('pump-failed', 'the bearing is worn out, the pump stopped', 'alarm'));
  }

  #service(): void {
    this.#duty = { name: 'running' };
    this.#wear = 0;
    this.#isWarned = false;
    this.#raise(note('pump-serviced', 'new bearing, the pump runs again'));
  }
}

// ISO 10816 for machines of this size: above 4.5 mm/s not for long.
const warnMmS = 4.5;
