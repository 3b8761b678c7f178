/** The connections of one load process, and what the conductor may ask of all of them. */

import { sharedMicros } from '../../support/shared-clock.ts';
import { ownUse, totalUse } from '../process-use.ts';
import { AgeWatch } from './age-watch.ts';
import { addSums, noSums } from './connection-account.ts';
import { inLanes } from './lanes.ts';
import { LightClient } from './light-client.ts';
import { Muster } from './muster.ts';
import { Room } from './room.ts';
import { slowDown } from './slow-readers.ts';
import { type Traffic, TrafficMeter } from './traffic.ts';
import { UnreadEstimate } from './unread-estimate.ts';
import type { Account, CrewPlan, Joined, Opened, Sample, Settled, Window } from './worker-protocol.ts';

const patienceMs = 30_000; // for the last answer, once every connection was tried

export class Fleet {
  readonly #room: Room;
  readonly #clients: readonly LightClient[];
  readonly #readers: readonly LightClient[];
  readonly #ages: AgeWatch;
  readonly #traffic = new TrafficMeter(() => this.#total());
  #unread = new UnreadEstimate();
  #before = { cpuSec: ownUse().cpuSec, atMicros: sharedMicros() };

  constructor(plan: CrewPlan) {
    this.#room = new Room(plan);
    this.#clients = Array.from(
      { length: plan.connections },
      (_, i) => new LightClient(plan.firstNumber + i, this.#room),
    );
    this.#readers = this.#clients.filter((client) => client.isRead);
    this.#ages = new AgeWatch(this.#readers, this.#room.reception);
  }

  async open(): Promise<Opened> {
    const muster = new Muster(this.#clients.length);
    await inLanes(this.#clients, this.#room.plan.rampSec, (client) =>
      client.open(muster, { sinceMicros: sharedMicros() }),
    );
    await this.#gather(muster);
    return { opened: muster.done, failed: muster.failed, seconds: muster.seconds, times: muster.takeTimes() };
  }

  measure(window: Window): void {
    for (const client of this.#clients) client.deliveriesInWindow = 0;
    this.#room.reception.open(window);
    this.#traffic.open(window);
    this.#unread = new UnreadEstimate();
    if (window.slow !== undefined) slowDown(this.#clients, window.slow);
  }

  sample(): Sample {
    const { deliveries, ...histograms } = this.#room.reception.take();
    const { bytes, messages, unreadBytes } = this.#traffic.take();
    return {
      ...histograms,
      deliveries: deliveries + this.#unread.take(deliveries, bytes - unreadBytes, unreadBytes),
      bytes,
      messages,
      use: this.#takeUse(),
      open: this.#count('open'),
      lost: this.#count('lost'),
      timerLateMs: this.#ages.takeLateMs(),
    };
  }

  /** From now on slow readers read as fast as they can, so that they, too, can be held to what they were told. */
  settle(): Settled {
    for (const client of this.#clients) if (client.isSlow) client.readAtMost(Number.POSITIVE_INFINITY);
    return { bytes: this.#total().bytes };
  }

  account(lastSeq: Readonly<Record<string, number>>): Account {
    let sums = noSums;
    let firstLost: string | undefined;
    for (const reader of this.#readers) {
      const own = reader.account.sums((topic) => (reader.state === 'open' ? lastSeq[topic] : undefined));
      const wrong = reader.fault ?? own.firstLost;
      sums = addSums(sums, own);
      if (wrong !== undefined) firstLost ??= `connection ${reader.number}: ${wrong}`;
    }
    const fair = this.#readers.filter(({ isSlow, state }) => !isSlow && state !== 'never open');
    const deliveriesOf = fair.map((reader) => reader.deliveriesInWindow);
    return { sums, deliveriesOf, ...(firstLost === undefined ? {} : { firstLost }) };
  }

  async drop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.cut()));
  }

  async rejoin(isResumed: boolean): Promise<Joined> {
    const gone = this.#clients.filter(({ state }) => state !== 'open');
    const muster = new Muster(gone.length);
    await inLanes(gone, 0, (client) => {
      if (!isResumed) client.account.forget();
      return client.open(muster, isResumed ? { positions: client.positions() } : {});
    });
    return this.#joined(muster);
  }

  unsubscribe(): Promise<Joined> {
    return this.#ask((client, muster) => client.unsubscribe(muster));
  }

  subscribe(): Promise<Joined> {
    return this.#ask((client, muster) => client.subscribe(muster));
  }

  snapshots(): Promise<Joined> {
    return this.#ask((client, muster) => client.snapshots(muster));
  }

  /** Lets go of everything; nothing may be asked afterwards. */
  async close(): Promise<void> {
    this.#ages.stop();
    await this.drop();
    this.#room.reception.close();
  }

  #ask(run: (client: LightClient, muster: Muster) => void): Promise<Joined> {
    const open = this.#clients.filter(({ state }) => state === 'open');
    const muster = new Muster(open.length);
    for (const client of open) run(client, muster);
    return this.#joined(muster);
  }

  async #joined(muster: Muster): Promise<Joined> {
    await this.#gather(muster);
    const { done: connections, failed, seconds, recovered, gaps } = muster;
    return { connections, failed, seconds, times: muster.takeTimes(), recovered, gaps };
  }

  /** Waits for all, but not for ever. */
  async #gather(muster: Muster): Promise<void> {
    const timer = setTimeout(() => {
      for (const client of this.#clients) client.giveUp(`no answer within ${patienceMs / 1000} s`);
    }, patienceMs);
    await muster.all();
    clearTimeout(timer);
  }

  #count(state: LightClient['state']): number {
    return this.#clients.reduce((sum, client) => sum + (client.state === state ? 1 : 0), 0);
  }

  #total(): Traffic {
    let bytes = 0;
    let messages = 0;
    let unreadBytes = 0;
    for (const client of this.#clients) {
      bytes += client.bytes;
      messages += client.messages;
      if (!client.isRead) unreadBytes += client.bytes;
    }
    return { bytes, messages, unreadBytes };
  }

  #takeUse(): Sample['use'] {
    const { cpuSec, rssBytes } = ownUse();
    const atMicros = sharedMicros();
    const lap = { cpuSec: cpuSec - this.#before.cpuSec, seconds: (atMicros - this.#before.atMicros) / 1e6 };
    this.#before = { cpuSec, atMicros };
    return totalUse([lap], rssBytes);
  }
}
