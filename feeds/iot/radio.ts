import type { Rng } from '../../src/feed/index.ts';
import { Ou } from '../physics/ou.ts';

/** The link of one device: its strength wanders, and weak means lost messages. */
export class Radio {
  readonly #rng: Rng;
  readonly #fading: Ou;
  readonly #meanDbm: number;

  constructor(rng: Rng, meanDbm = -65) {
    this.#rng = rng;
    this.#meanDbm = meanDbm;
    this.#fading = new Ou(1800, rng.normal); // seconds: doors, vehicles, people
  }

  /** dBm */
  get rssi(): number {
    return this.#meanDbm + 6 * this.#fading.value;
  }

  advance(stepSec: number): void {
    this.#fading.advance(stepSec);
  }

  /** One message on the air. */
  send(): 'heard' | 'lost' {
    return this.#rng.float() < 1 / (1 + Math.exp((this.rssi + 92) / 3)) ? 'lost' : 'heard';
  }
}
