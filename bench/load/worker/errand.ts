/** What a connection was asked to do, until the server has answered all of it. */

import type { Muster } from './muster.ts';

export class Errand {
  readonly #muster: Muster;
  readonly #sinceMicros: number | undefined;
  /** Still to come. Snapshots may come before the answer that says how many there are. */
  #answers: number;
  #snapshots = 0;
  isOver = false;

  /** `sinceMicros`: from when on its time counts; without it, since the muster began. */
  constructor(muster: Muster, answers: number, sinceMicros?: number) {
    this.#muster = muster;
    this.#answers = answers;
    this.#sinceMicros = sinceMicros;
    this.#look();
  }

  /** So many snapshots belong to that answer. */
  answered(snapshots: number): void {
    this.#answers--;
    this.#snapshots += snapshots;
    this.#look();
  }

  positioned(isRecovered: boolean | undefined): void {
    if (this.isOver) return;
    if (isRecovered !== undefined) this.#muster.tellRecovery(isRecovered);
    this.#snapshots--;
    this.#look();
  }

  /** Of no effect once it is over. */
  fail(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#muster.fail(reason);
  }

  #look(): void {
    if (this.isOver || this.#answers > 0 || this.#snapshots > 0) return;
    this.isOver = true;
    this.#muster.finish(this.#sinceMicros);
  }
}
