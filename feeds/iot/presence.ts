import type { Rng } from '../../src/feed/index.ts';
import { type DeviceEvent, type Measurement, quality, type State } from './messages.ts';
import type { Profile } from './profile.ts';

/** Where a device's messages go once they are heard. */
export type Outlet = {
  state(sec: number, state: State): void;
  measurement(sec: number, metric: string, measurement: Measurement): void;
  event(sec: number, event: DeviceEvent): void;
  /** A second of the model as event time. */
  micros(sec: number): number;
};

/** What a device says of itself. */
export type Vitals = Pick<State, 'fw' | 'battery' | 'rssi'>;

/**
 * What the server knows of a device: birth → alive ⇄ sleeping → dead → birth. A birth begins each life of the device,
 * also a short one after a restart; three missed heartbeats end it. Then its measurements are marked stale.
 */
export class Presence {
  readonly #outlet: Outlet;
  readonly #certificate: State['metrics'];
  readonly #heartbeatSec: number;
  readonly #model: string;
  readonly #last = new Map<string, Measurement>();
  #status: State['status'] = 'dead';
  #bdSeq = -1;
  #seq = 0;
  #heardSec = 0;
  #beatSec = 0;

  constructor(profile: Profile, rng: Rng, intervalSec: number, outlet: Outlet) {
    this.#outlet = outlet;
    this.#certificate = profile.metrics.map((metric) => ({ ...metric, intervalMs: intervalSec * 1000 }));
    this.#heartbeatSec = Math.max(60, intervalSec);
    this.#model = rng.pick(profile.models);
  }

  /** False until the first birth. */
  get isBorn(): boolean {
    return this.#bdSeq >= 0;
  }

  /** A new life. Births are acknowledged and repeated until heard, so the radio can't lose them. */
  birth(sec: number, vitals: Vitals): void {
    this.#bdSeq++;
    this.#seq = 0;
    this.#heardSec = this.#beatSec = sec;
    this.#announce(sec, 'birth', vitals);
  }

  /** The device sent something, heard or not. */
  count(): void {
    this.#seq = (this.#seq + 1) % 256;
  }

  wantsHeartbeat(sec: number, isAsleep: boolean): boolean {
    return sec - this.#beatSec >= this.#beatEverySec(isAsleep);
  }

  /** Something was heard. Whoever was taken for dead is asked to introduce himself again. */
  hear(sec: number, vitals: Vitals): void {
    if (this.#status === 'dead') this.birth(sec, vitals);
    this.#heardSec = sec;
  }

  heartbeat(sec: number, vitals: Vitals, isAsleep: boolean): void {
    this.hear(sec, vitals);
    this.#beatSec = sec;
    this.#announce(sec, isAsleep ? 'sleeping' : 'alive', vitals);
  }

  measure(sec: number, metric: string, measurement: Measurement): void {
    this.#last.set(metric, measurement);
    this.#outlet.measurement(sec, metric, measurement);
  }

  /** Three heartbeats without a word: dead, and all it measured is stale. */
  watch(sec: number, vitals: Vitals): void {
    const patienceSec = 3 * this.#beatEverySec(this.#status === 'sleeping');
    if (this.#status === 'dead' || sec - this.#heardSec <= patienceSec) return;
    this.#announce(sec, 'dead', vitals);
    for (const [metric, last] of this.#last) {
      const why = `nothing heard for ${patienceSec} s`;
      this.#outlet.measurement(sec, metric, { ...last, q: quality.stale, why });
    }
  }

  /** The server itself was away until now: not the device's fault. */
  excuse(sec: number): void {
    this.#heardSec = sec;
  }

  #beatEverySec(isAsleep: boolean): number {
    return this.#heartbeatSec * (isAsleep ? 10 : 1);
  }

  #announce(sec: number, status: State['status'], vitals: Vitals): void {
    this.#status = status;
    this.#outlet.state(sec, {
      online: status !== 'dead',
      status,
      bdSeq: this.#bdSeq,
      seq: this.#seq,
      fw: vitals.fw,
      model: this.#model,
      battery: vitals.battery,
      rssi: vitals.rssi,
      heartbeatS: this.#beatEverySec(status === 'sleeping'),
      lastSeen: this.#outlet.micros(this.#heardSec),
      metrics: this.#certificate,
    });
  }
}
