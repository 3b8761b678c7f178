import type { Rng } from '../../src/feed/index.ts';
import type { Air } from '../weather/atmosphere.ts';
import { localOffsetHours } from '../weather/rain.ts';
import { Battery } from './battery.ts';
import { Firmware } from './firmware.ts';
import { type DeviceEvent, quality } from './messages.ts';
import type { Place } from './places.ts';
import { type Outlet, Presence } from './presence.ts';
import { type Body, maxStepSec, note, type Profile } from './profile.ts';
import { Radio } from './radio.ts';

/** Who a device is; its random numbers hang on this and on nothing else. */
export type Identity = { readonly place: Place; readonly name: string; readonly profile: Profile };

export type DeviceParts = {
  readonly identity: Identity;
  readonly intervalSec: number;
  readonly startSec: number;
  /** A random stream of this device for this purpose. */
  rng(purpose: string): Rng;
  readonly outlet: Outlet;
  /** The usual ones when absent. */
  readonly radio?: Radio;
  readonly battery?: Battery;
};

/** Whether it runs. Asleep it spares its battery: no samples, rare heartbeats. */
type Mode =
  | { readonly name: 'awake' | 'asleep' }
  | { readonly name: 'off'; readonly untilSec: number; readonly why: 'restart' | 'empty' };

/** One device: a physical thing, what looks at it, a battery, a radio, and the habit of failing now and then. */
export class Device {
  readonly identity: Identity;
  readonly #parts: DeviceParts;
  readonly #body: Body;
  readonly #battery: Battery;
  readonly #radio: Radio;
  readonly #firmware: Firmware;
  readonly #presence: Presence;
  readonly #fate: Rng;
  #mode: Mode = { name: 'awake' };
  #sec: number;
  #samples = 0;
  #isLow = false;

  constructor(parts: DeviceParts) {
    const { identity, rng, startSec } = parts;
    this.identity = identity;
    this.#parts = parts;
    this.#sec = startSec;
    this.#battery = parts.battery ?? new Battery(identity.profile.power, rng('battery'));
    this.#radio = parts.radio ?? new Radio(rng('radio'));
    this.#fate = rng('fate');
    this.#firmware = new Firmware(this.#fate);
    this.#presence = new Presence(identity.profile, this.#fate, parts.intervalSec, parts.outlet);
    this.#body = identity.profile.create({
      place: identity.place,
      rng: (purpose) => rng(`body/${purpose}`),
      raise: (event) => this.#raise(event),
    });
  }

  /** Lets the physical thing live on to this time while nobody listens. */
  settle(sec: number, air: Air): void {
    this.#advanceBody(sec, air);
    this.#presence.excuse(sec);
  }

  /** Announces itself for the first time. */
  begin(): void {
    this.#firmware.begin(this.#sec);
    this.#presence.birth(this.#sec, this.#vitals());
  }

  /** Lives on to this time, then does what a device does each interval. */
  advance(sec: number, air: Air): void {
    const stepSec = sec - this.#sec;
    this.#battery.advance(stepSec, air.celsius, air.irradiance);
    this.#radio.advance(stepSec);
    this.#advanceBody(sec, air);
    this.#turn();
    if (this.#mode.name === 'awake') this.#sample();
    if (this.#mode.name !== 'off' && this.#presence.wantsHeartbeat(sec, this.#isAsleep)) this.#beat();
    this.#presence.watch(sec, this.#vitals());
  }

  get #isAsleep(): boolean {
    return this.#mode.name === 'asleep';
  }

  #advanceBody(sec: number, air: Air): void {
    const { lon } = this.identity.place.station;
    while (this.#sec < sec) {
      const stepSec = Math.min(maxStepSec, sec - this.#sec);
      this.#sec += stepSec;
      const localHour = (((this.#sec / 3600 + localOffsetHours(lon)) % 24) + 24) % 24;
      this.#body.advance({ sec: this.#sec, stepSec, localHour, air });
    }
  }

  #turn(): void {
    if (this.#mode.name === 'off') this.#wake(this.#mode);
    else if (this.#battery.percent <= 0) this.#die();
    else if (this.#mode.name === 'asleep') this.#riseIfCharged();
    else if (this.#battery.percent <= sleepPercent) this.#sleep();
    else this.#maintain();
    this.#warnIfLow();
  }

  /** After a restart at its time; from an empty battery when somebody came by or the sun did. */
  #wake(mode: Mode & { name: 'off' }): void {
    const isCharged = this.#battery.power === 'solar' && this.#battery.percent >= wakePercent;
    if (this.#sec < mode.untilSec && !(mode.why === 'empty' && isCharged)) return;
    this.#mode = { name: 'awake' };
    const isReplaced = mode.why === 'empty' && !isCharged;
    if (isReplaced) this.#battery.replace();
    this.#presence.birth(this.#sec, this.#vitals());
    if (isReplaced) this.#raise(note('battery-replaced', 'somebody put in a new battery'));
  }

  /** Without a word: that it is dead is for the server to notice. */
  #die(): void {
    this.#mode = { name: 'off', untilSec: this.#sec + replaceSec * (0.1 + this.#fate.exponential()), why: 'empty' };
  }

  #sleep(): void {
    this.#mode = { name: 'asleep' };
    this.#beat();
  }

  #riseIfCharged(): void {
    if (this.#battery.percent < wakePercent) return;
    this.#mode = { name: 'awake' };
    this.#beat();
  }

  #maintain(): void {
    const due = this.#firmware.due(this.#sec);
    if (due === undefined) return;
    this.#raise(due.event);
    this.#mode = { name: 'off', untilSec: this.#sec + due.offSec, why: 'restart' };
  }

  #warnIfLow(): void {
    const { percent } = this.#battery;
    if (percent > lowPercent + 5) this.#isLow = false;
    if (this.#isLow || percent > lowPercent) return;
    this.#isLow = true;
    this.#raise({
      kind: 'battery-low',
      level: 'warning',
      text: `battery at ${lowPercent} %`,
      value: Math.round(percent),
    });
  }

  /** One message on the air carries all metrics of a sample. */
  #sample(): void {
    this.#samples++;
    const readings = this.#body.read();
    if (this.#transmit() === 'lost') return;
    this.#presence.hear(this.#sec, this.#vitals());
    this.identity.profile.metrics.forEach(({ name }, i) => {
      const measurement = { v: readings[i] ?? null, q: quality.good, n: this.#samples };
      this.#presence.measure(this.#sec, name, measurement);
    });
  }

  #beat(): void {
    if (this.#transmit() === 'heard') this.#presence.heartbeat(this.#sec, this.#vitals(), this.#isAsleep);
  }

  #transmit(): 'heard' | 'lost' {
    this.#battery.spend();
    this.#presence.count();
    return this.#radio.send();
  }

  #raise(event: DeviceEvent): void {
    if (this.#presence.isBorn && this.#mode.name === 'awake') this.#parts.outlet.event(this.#sec, event);
  }

  #vitals() {
    const battery = this.#battery.power === 'mains' ? null : Math.round(this.#battery.percent);
    return { fw: this.#firmware.version, battery, rssi: Math.round(this.#radio.rssi) };
  }
}

const lowPercent = 20;
const sleepPercent = 5;
// Well above where it fell asleep, so that a cloud does not send it back.
const wakePercent = 10;
// Half a day, on average, until somebody comes by with a battery.
const replaceSec = 12 * 3600;
