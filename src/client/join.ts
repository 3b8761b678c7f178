/** A subscription on its way to the present: the server has taken it, and its topics' snapshots come one by one. */

import type { JoinOutcome } from './route-owner.ts';

/** `begun`: for the first time. `returned`: on another connection. `changed`: on the same one, with other wishes. */
export type JoinReason = 'begun' | 'returned' | 'changed';

export class Join {
  readonly reason: JoinReason;
  readonly topics: number;
  recovered = 0;
  notRecovered = 0;
  #left: number;

  constructor(reason: JoinReason, topics: number) {
    this.reason = reason;
    this.topics = topics;
    this.#left = topics;
  }

  get isComplete(): boolean {
    return this.#left <= 0;
  }

  /** Nothing more will come. */
  finish(): void {
    this.#left = 0;
  }

  /** One more topic has had its snapshot. */
  count(outcome: JoinOutcome): void {
    this.#left--;
    if (outcome === 'recovered') this.recovered++;
    if (outcome === 'notRecovered') this.notRecovered++;
  }
}
