import type { Rng } from '../../../src/feed/index.ts';
import { clamp, round } from '../../physics/numbers.ts';
import { Ou, relax } from '../../physics/ou.ts';
import { type Body, type BodyParts, type Moment, note, type Profile } from '../profile.ts';
import { Route } from './route.ts';

/** A frozen-goods truck on its round: it drives, stops, opens its door, and its cold box feels it. */
export const truck: Profile = {
  kind: 'truck',
  models: ['ColdTrack', 'ColdTrack 4G'],
  power: 'cell',
  metrics: [
    { name: 'lat', unit: 'lat', type: 'f64', min: -90, max: 90 },
    { name: 'lon', unit: 'lon', type: 'f64', min: -180, max: 180 },
    { name: 'speed', unit: 'm/s', type: 'f64', min: 0 },
    { name: 'box-temperature', unit: 'Cel', type: 'f64', min: -40, max: 60 },
    { name: 'door-open', unit: '', type: 'bool' },
  ],
  create: (parts) => new Truck(parts),
};

type Trip =
  | { readonly name: 'driving'; metres: number }
  | { readonly name: 'stopped'; readonly opensSec: number; readonly closesSec: number; readonly leavesSec: number };

class Truck implements Body {
  readonly #raise: BodyParts['raise'];
  readonly #route: Route;
  readonly #round: Rng;
  readonly #noise: Rng;
  readonly #traffic: Ou;
  #trip: Trip = { name: 'driving', metres: 0 };
  #leg = 0;
  #speedMs = 0;
  #isOpen = false;
  #isCooling = false;
  #isWarm = false;
  #boxC = -18;

  constructor({ place, rng, raise }: BodyParts) {
    this.#raise = raise;
    this.#route = new Route(place.station, rng('route'));
    this.#round = rng('round');
    this.#noise = rng('noise');
    this.#traffic = new Ou(120, rng('traffic').normal);
    this.#leg = Math.floor(this.#route.legs * this.#round.float());
  }

  advance(moment: Moment): void {
    this.#traffic.advance(moment.stepSec);
    if (this.#trip.name === 'driving') this.#drive(this.#trip, moment);
    else this.#wait(this.#trip, moment.sec);
    this.#cool(moment);
  }

  read() {
    const metres = this.#trip.name === 'driving' ? this.#trip.metres : 0;
    const { lat, lon } = this.#route.at(this.#leg, metres);
    const box = this.#boxC + 0.1 * this.#noise.normal();
    return [this.#gps(lat), this.#gps(lon), round(this.#speedMs, 1), round(box, 1), this.#isOpen];
  }

  // A receiver is about three metres off, and says so in the fifth decimal.
  #gps(degrees: number): number {
    return round(degrees + 2e-5 * this.#noise.normal(), 5);
  }

  #drive(trip: Trip & { name: 'driving' }, { sec, stepSec }: Moment): void {
    this.#speedMs = clamp(14 + 4 * this.#traffic.value, 2, 25);
    trip.metres += this.#speedMs * stepSec;
    if (trip.metres < this.#route.lengthOf(this.#leg)) return;
    this.#leg = (this.#leg + 1) % this.#route.legs;
    this.#speedMs = 0;
    const opensSec = sec + 30 + 60 * this.#round.float();
    const closesSec = opensSec + 90 + 240 * this.#round.float();
    const restSec = this.#leg === 0 ? 1800 : 120; // the depot takes longer
    this.#trip = { name: 'stopped', opensSec, closesSec, leavesSec: closesSec + restSec * (0.5 + this.#round.float()) };
  }

  #wait({ opensSec, closesSec, leavesSec }: Trip & { name: 'stopped' }, sec: number): void {
    const isOpen = sec >= opensSec && sec < closesSec;
    if (isOpen !== this.#isOpen)
      this.#raise(isOpen ? note('door-open', 'the door opened') : note('door-closed', 'the door closed'));
    this.#isOpen = isOpen;
    if (sec >= leavesSec) this.#trip = { name: 'driving', metres: 0 };
  }

  #cool({ stepSec, air }: Moment): void {
    if (this.#boxC > setC + 1) this.#isCooling = true;
    else if (this.#boxC < setC - 1) this.#isCooling = false;
    this.#boxC = relax(this.#boxC, air.celsius, stepSec, this.#isOpen ? openSec : closedSec);
    if (this.#isCooling) this.#boxC = relax(this.#boxC, -30, stepSec, 3600);
    this.#watch();
  }

  #watch(): void {
    if (!this.#isWarm && this.#boxC > alarmC) {
      this.#raise({ kind: 'box-warm', level: 'alarm', text: `box above ${alarmC} °C`, value: round(this.#boxC, 1) });
      this.#isWarm = true;
    } else if (this.#isWarm && this.#boxC < alarmC - 1) this.#isWarm = false;
  }
}

const setC = -18;
const alarmC = -12;
// How fast outside air is felt: through the walls, and through the door.
const closedSec = 20 * 3600;
const openSec = 50 * 60;
