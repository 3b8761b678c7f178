import type { Rng } from '../../src/feed/index.ts';
import type { DeviceEvent } from './messages.ts';
import { note } from './profile.ts';

/** Why a device restarts, and for how long it is away. */
export type Restart = { readonly event: DeviceEvent; readonly offSec: number };

/** The software of a device: it crashes about once a week and is updated every two months. */
export class Firmware {
  readonly #rng: Rng;
  #minor: number;
  #crashSec = Number.POSITIVE_INFINITY;
  #updateSec = Number.POSITIVE_INFINITY;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#minor = Math.floor(6 * rng.float());
  }

  /** From now on it may crash and be updated. */
  begin(sec: number): void {
    this.#crashSec = sec + crashEverySec * this.#rng.exponential();
    this.#updateSec = sec + updateEverySec * this.#rng.exponential();
  }

  get version(): string {
    return `1.${this.#minor}.0`;
  }

  /** What falls due by now, if anything; asking takes it. */
  due(sec: number): Restart | undefined {
    if (sec >= this.#updateSec) return this.#update(sec);
    return sec >= this.#crashSec ? this.#crash(sec) : undefined;
  }

  #update(sec: number): Restart {
    this.#updateSec = sec + updateEverySec * this.#rng.exponential();
    this.#minor++;
    return { event: note('firmware-update', `restarts with firmware ${this.version}`), offSec: 120 };
  }

  #crash(sec: number): Restart {
    this.#crashSec = sec + crashEverySec * this.#rng.exponential();
    return {
      event: note('reboot', 'the watchdog restarts the device', 'warning'),
      offSec: 20 + 70 * this.#rng.float(),
    };
  }
}

const crashEverySec = 7 * 86_400;
const updateEverySec = 60 * 86_400;
