import type { Rng } from '../../src/feed/index.ts';
import { Atmosphere } from '../weather/atmosphere.ts';
import { RegionalField } from '../weather/regional-field.ts';
import { Device, type Identity } from './device.ts';
import { type Place, places } from './places.ts';
import type { Outlet } from './presence.ts';
import { profiles } from './profiles/index.ts';

export type FleetOptions = {
  readonly sites: number;
  readonly devices: number;
  readonly sampleEverySec: number;
  readonly startSec: number;
  rng(name: string): Rng;
  outletOf(identity: Identity): Outlet;
};

/**
 * All devices of all sites under the weather of each site. Devices report every interval, each in a second of its own.
 * Adding a device or a site changes nothing about the others.
 */
export class Fleet {
  readonly #sites: readonly Site[];
  readonly #slots: Member[][];
  #sec: number;

  /** Has been running for a day when it is made, without a word; the weather for ten more. */
  constructor(options: FleetOptions) {
    const { sampleEverySec, startSec } = options;
    this.#sec = startSec - settleSec;
    const field = new RegionalField((this.#sec - weatherSec) / 3600, options.rng);
    this.#sites = places.slice(0, options.sites).map((place) => makeSite(place, this.#sec, field, options.rng));
    advanceSkies(this.#sites, this.#sec - weatherSec, this.#sec);
    this.#slots = Array.from({ length: sampleEverySec }, () => []);
    for (let i = 0; i < options.devices; i++) this.#enlist(i, options);
    this.#settle(startSec);
  }

  get devices(): readonly Device[] {
    return this.#slots.flat().map(({ device }) => device);
  }

  /** Every device announces itself. */
  begin(): void {
    for (const device of this.devices) device.begin();
  }

  /** Everything that happens up to and with `sec`, in the order of time. After a long pause only its last minutes. */
  advanceTo(sec: number): void {
    if (sec - this.#sec > catchUpSec) this.#settle(sec - 60);
    while (this.#sec < sec) {
      this.#sec++;
      if (this.#sec % skyStepSec === 0) for (const { sky } of this.#sites) sky.advance(this.#sec / 3600);
      const due = this.#slots[this.#sec % this.#slots.length] ?? [];
      for (const { device, sky } of due) device.advance(this.#sec, sky.air);
    }
  }

  /** Device i is the i-th of the round over the sites; each round brings every site one more of the next kind. */
  #enlist(i: number, { sampleEverySec, rng, outletOf }: FleetOptions): void {
    const site = this.#sites[i % this.#sites.length];
    const turn = Math.floor(i / this.#sites.length);
    const profile = profiles[turn % profiles.length];
    if (site === undefined || profile === undefined) throw new RangeError(`there is no site for device ${i}`);
    const number = String(Math.floor(turn / profiles.length) + 1).padStart(2, '0');
    const identity = { place: site.place, profile, name: `${profile.kind}-${number}` };
    const own = (purpose: string) => rng(`${site.place.id}/${identity.name}/${purpose}`);
    const parts = { identity, intervalSec: sampleEverySec, startSec: this.#sec, rng: own, outlet: outletOf(identity) };
    const member = { device: new Device(parts), sky: site.sky };
    this.#slots[own('slot').u32() % sampleEverySec]?.push(member);
  }

  #settle(toSec: number): void {
    while (this.#sec < toSec) {
      const next = Math.min(toSec, this.#sec + settleStepSec);
      advanceSkies(this.#sites, this.#sec, next);
      for (const { device, sky } of this.#slots.flat()) device.settle(next, sky.air);
      this.#sec = next;
    }
  }
}

type Site = { readonly place: Place; readonly sky: Atmosphere };
type Member = { readonly device: Device; readonly sky: Atmosphere };

const weatherSec = 10 * 86_400;
const settleSec = 86_400;
const settleStepSec = 300;
const skyStepSec = 60;
// A laptop that slept for a night need not publish the night.
const catchUpSec = 3600;

function makeSite(place: Place, sec: number, field: RegionalField, rng: FleetOptions['rng']): Site {
  return { place, sky: new Atmosphere(place.station, (sec - weatherSec) / 3600, field, rng) };
}

/** All skies in step: what they share keeps no past. */
function advanceSkies(sites: readonly Site[], fromSec: number, toSec: number): void {
  for (let sec = fromSec; sec < toSec; ) {
    sec = Math.min(toSec, sec + 1800);
    for (const { sky } of sites) sky.advance(sec / 3600);
  }
}
