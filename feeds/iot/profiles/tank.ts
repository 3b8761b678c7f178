import type { Rng } from '../../../src/feed/index.ts';
import { clamp, round } from '../../physics/numbers.ts';
import { Ou } from '../../physics/ou.ts';
import { type Body, type BodyParts, type Moment, note, type Profile } from '../profile.ts';

/** A water tank that is drawn from all day and filled when low, until it is nearly full. */
export const tank: Profile = {
  kind: 'tank',
  models: ['Level L', 'Level XL'],
  power: 'cell',
  metrics: [
    { name: 'level', unit: 'm', type: 'f64', min: 0, max: 4 },
    { name: 'outflow', unit: 'l/s', type: 'f64', min: 0 },
    { name: 'filling', unit: '', type: 'bool' },
  ],
  create: (parts) => new Tank(parts),
};

class Tank implements Body {
  readonly #raise: BodyParts['raise'];
  readonly #noise: Rng;
  readonly #demand: Ou;
  readonly #areaM2: number;
  #levelM: number;
  #outLitres = 0;
  #isFilling = false;

  constructor({ rng, raise }: BodyParts) {
    const build = rng('build');
    this.#raise = raise;
    this.#noise = rng('noise');
    this.#demand = new Ou(1200, rng('demand').normal);
    this.#areaM2 = 2 + 2 * build.float();
    this.#levelM = fillBelowM + (fullM - fillBelowM) * build.float();
  }

  advance({ stepSec, localHour }: Moment): void {
    const dayShape = 0.4 + 0.6 * Math.sin((Math.PI * clamp(localHour - 5, 0, 17)) / 17);
    this.#outLitres = 0.5 * dayShape * Math.exp(0.4 * this.#demand.advance(stepSec));
    const inLitres = this.#isFilling ? 4 : 0;
    const riseM = ((inLitres - this.#outLitres) * stepSec) / 1000 / this.#areaM2;
    this.#levelM = clamp(this.#levelM + riseM, 0, heightM);
    if (!this.#isFilling && this.#levelM < fillBelowM) this.#switch(true);
    else if (this.#isFilling && this.#levelM > fullM) this.#switch(false);
  }

  read() {
    const level = clamp(this.#levelM + 0.002 * this.#noise.normal(), 0, heightM);
    return [round(level, 3), round(this.#outLitres, 2), this.#isFilling];
  }

  #switch(isFilling: boolean): void {
    this.#isFilling = isFilling;
    const value = round(this.#levelM, 3);
    if (isFilling) this.#raise({ ...note('fill-start', 'low: the inlet opens'), value });
    else this.#raise({ ...note('fill-stop', 'full: the inlet closes'), value });
  }
}

const heightM = 4;
const fillBelowM = 1.2;
const fullM = 3.6;
