/** Looks at even intervals at how old the newest value is that subscribers hold; tells how late its own timer is, too. */

import { sharedMicros } from '../../support/shared-clock.ts';
import type { LightClient } from './light-client.ts';
import type { Reception } from './reception.ts';

const everyMs = 50;
const looksEach = 2000; // more would keep this process from reading; what is left over comes at the next interval

export class AgeWatch {
  readonly #clients: readonly LightClient[];
  readonly #reception: Reception;
  readonly #timer: NodeJS.Timeout;
  #client = 0;
  #topic = 0;
  #lookedAt = performance.now();
  #lateMs = 0;

  /** All of these have their frames read. */
  constructor(clients: readonly LightClient[], reception: Reception) {
    this.#clients = clients;
    this.#reception = reception;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** At worst, since the last call. */
  takeLateMs(): number {
    const lateMs = this.#lateMs;
    this.#lateMs = 0;
    return lateMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#lateMs = Math.max(this.#lateMs, now - this.#lookedAt - everyMs);
    this.#lookedAt = now;
    const nowMicros = sharedMicros();
    if (!this.#reception.isOpenAt(nowMicros)) return;
    const topics = this.#clients.reduce((sum, { account }) => sum + account.topics, 0);
    for (let i = Math.min(looksEach, topics); i > 0; i--) this.#lookAtNext(nowMicros);
  }

  #lookAtNext(nowMicros: number): void {
    let client = this.#clients[this.#client] as LightClient;
    while (this.#topic >= client.account.topics) {
      this.#topic = 0;
      this.#client = (this.#client + 1) % this.#clients.length;
      client = this.#clients[this.#client] as LightClient;
    }
    const due = client.account.newestDue(this.#topic++);
    if (due > 0 && client.state === 'open') this.#reception.saw(due, nowMicros);
  }
}
