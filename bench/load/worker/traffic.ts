/** Bytes and messages of all connections within the window, read and unread, whatever they were about. */

import { sharedMicros } from '../../support/shared-clock.ts';
import type { Window } from './worker-protocol.ts';

export type Traffic = {
  readonly bytes: number;
  readonly messages: number;
  /** Of the bytes, those of connections whose frames are not read. */
  readonly unreadBytes: number;
};

export class TrafficMeter {
  readonly #total: () => Traffic;
  #from: Traffic | undefined;
  #until: Traffic | undefined;
  #taken: Traffic = nothing;

  constructor(total: () => Traffic) {
    this.#total = total;
  }

  open({ fromMicros, untilMicros }: Window): void {
    this.#from = undefined;
    this.#until = undefined;
    this.#taken = nothing;
    at(fromMicros, () => {
      this.#from = this.#total();
    });
    at(untilMicros, () => {
      this.#until = this.#total();
    });
  }

  /** Since the last call. */
  take(): Traffic {
    if (this.#from === undefined) return nothing;
    const sum = less(this.#until ?? this.#total(), this.#from);
    const taken = less(sum, this.#taken);
    this.#taken = sum;
    return taken;
  }
}

const nothing: Traffic = { bytes: 0, messages: 0, unreadBytes: 0 };

function less(a: Traffic, b: Traffic): Traffic {
  return {
    bytes: a.bytes - b.bytes,
    messages: a.messages - b.messages,
    unreadBytes: a.unreadBytes - b.unreadBytes,
  };
}

function at(micros: number, run: () => void): void {
  const waitMs = (micros - sharedMicros()) / 1000;
  if (waitMs <= 0) run();
  else setTimeout(run, waitMs);
}
