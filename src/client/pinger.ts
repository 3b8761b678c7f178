/** Clock exchanges that someone waits for. */

import type { FrameOf, Micros, ServerFrame } from '../protocol/frames.ts';
import { TickwireError } from './errors.ts';
import type { ClockReading, ServerClock } from './server-clock.ts';

export class Pinger {
  readonly #clock: ServerClock;
  readonly #send: (t0: Micros) => void;
  readonly #waiting = new Map<Micros, Waiting>();

  constructor(clock: ServerClock, send: (t0: Micros) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Rejects when the connection is lost first. */
  ping(): Promise<ClockReading> {
    return new Promise((resolve, reject) => {
      const t0 = this.#clock.begin();
      this.#waiting.set(t0, { resolve, reject });
      this.#send(t0);
    });
  }

  /** A sign of life that nobody waits for. */
  beat(): void {
    this.#send(this.#clock.begin());
  }

  pong({ t0, t1, t2 }: FrameOf<ServerFrame, 'pong'>): void {
    const reading = this.#clock.end(t0, { t1, t2 });
    if (reading !== undefined) this.#waiting.get(t0)?.resolve(reading);
    this.#waiting.delete(t0);
  }

  down(): void {
    this.#clock.forget();
    for (const { reject } of this.#waiting.values()) {
      reject(new TickwireError('connectionLost', 'the connection was lost before the ping was answered'));
    }
    this.#waiting.clear();
  }
}

type Waiting = { resolve(reading: ClockReading): void; reject(why: TickwireError): void };
