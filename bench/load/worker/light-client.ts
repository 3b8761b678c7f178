/** One subscriber of the load: a raw connection, what it was told, and what it waits for. */

import type { Position } from '../../../src/protocol/index.ts';
import { openRawSubscriber, type RawSubscriber } from '../../support/raw-subscriber.ts';
import { sharedMicros } from '../../support/shared-clock.ts';
import type { FrameSink } from '../wire/frame-sink.ts';
import { inflated } from '../wire/inflated.ts';
import { type Positions, requests } from './client-messages.ts';
import { ConnectionAccount } from './connection-account.ts';
import { Errand } from './errand.ts';
import type { Muster } from './muster.ts';
import type { Room } from './room.ts';

/** `cut`: by us; `lost`: by the server or the world. */
export type ClientState = 'never open' | 'open' | 'cut' | 'lost';

export class LightClient implements FrameSink {
  readonly number: number;
  /** Otherwise its frames are looked at only while it waits for an answer. */
  readonly isRead: boolean;
  readonly account: ConnectionAccount;
  state: ClientState = 'never open';
  /** Does not read as fast as it could. */
  isSlow = false;
  /** Deliveries that were due in the window. */
  deliveriesInWindow = 0;
  /** What the server sent that is no message of a Tickwire server. */
  fault: string | undefined;
  readonly #room: Room;
  #raw: RawSubscriber | undefined;
  /** Of the connections that it had before this one. */
  #bytesBefore = 0;
  #messagesBefore = 0;
  /** Number of the first subscription under way; the server takes each number once a session. */
  #firstSid = 1;
  #errand: Errand | undefined;

  constructor(number: number, room: Room) {
    this.number = number;
    this.#room = room;
    this.isRead = number % room.plan.readOneIn === 0;
    this.account = new ConnectionAccount(room.lives);
  }

  get bytes(): number {
    return this.#bytesBefore + (this.#raw?.received() ?? 0);
  }

  get messages(): number {
    return this.#messagesBefore + (this.#raw?.messages() ?? 0);
  }

  /** Resolves when the upgrade was answered or failed; the muster hears later when all topics are there. */
  async open(muster: Muster, { sinceMicros, positions }: Opening = {}): Promise<void> {
    const { address, messages, plan } = this.#room;
    this.#firstSid = 1;
    this.#errand = new Errand(muster, 1 + plan.patterns.length, sinceMicros);
    const hello = [messages.hello()];
    if (plan.patterns.length > 0) hello.push(messages.subscribe(this.number, this.#firstSid, positions));
    try {
      this.#raw = await openRawSubscriber(address, hello, {
        message: (payload, isDeflated) => this.#message(payload, isDeflated),
        closed: (code) => this.#closed(code),
      });
      this.state = 'open';
    } catch (error) {
      this.#errand.fail(messageOf(error));
    }
  }

  /** Positions to go on from, of as many topics as a message has room for. */
  positions(): Positions {
    const positions: Record<string, Position> = {};
    let places = mostPositions;
    let bytes = bytesForPositions;
    for (const { life, seq } of this.account.holdings()) {
      bytes -= life.topic.length + life.epoch.length + bytesAround;
      if (places-- === 0 || bytes < 0) break;
      positions[life.topic] = [life.epoch, seq];
    }
    return positions;
  }

  /** Without a close frame. Resolves when the socket is gone. */
  cut(): Promise<void> {
    const socket = this.#raw?.socket;
    if (this.state !== 'open' || socket === undefined) return Promise.resolve();
    this.state = 'cut';
    this.account.cut();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  readAtMost(bytesPerSec: number): void {
    this.#raw?.readAtMost(bytesPerSec);
  }

  unsubscribe(muster: Muster): void {
    const { plan, messages } = this.#room;
    this.#errand = new Errand(muster, plan.patterns.length);
    this.#raw?.send(messages.unsubscribe(this.#firstSid));
    this.#firstSid += plan.patterns.length;
  }

  subscribe(muster: Muster): void {
    const { plan, messages } = this.#room;
    this.#errand = new Errand(muster, plan.patterns.length);
    this.#raw?.send(messages.subscribe(this.number, this.#firstSid));
  }

  /** Asks for each topic that it holds. */
  snapshots(muster: Muster): void {
    const topics = [...this.account.holdings()].map(({ life }) => life.topic);
    this.#errand = new Errand(muster, topics.length);
    for (const topic of topics) this.#raw?.send(this.#room.messages.snapshot(this.number, this.#firstSid, topic));
  }

  /** Waits no longer. */
  giveUp(reason: string): void {
    this.#errand?.fail(reason);
  }

  welcomed(): void {
    this.#errand?.answered(0);
  }

  subscribed(_request: number, topics: number): void {
    this.#errand?.answered(topics);
  }

  answered(request: number): void {
    this.#errand?.answered(0);
    if (request === requests.unsubscribe && this.#errand?.isOver) this.account.forget();
  }

  refused(_request: number | undefined, code: number, message: string): void {
    this.#errand?.fail(`error ${code}: ${message}`);
  }

  named(tid: number, topic: string, epoch: string): void {
    this.account.named(tid, topic, epoch);
  }

  positioned(tid: number, seq: number, isRecovered: boolean | undefined): void {
    this.account.positioned(tid, seq);
    this.#errand?.positioned(isRecovered);
  }

  published(tid: number, seq: number, frameMicros: number): void {
    if (!this.isRead) return;
    const { reception, nowMicros } = this.#room;
    const due = reception.shared(frameMicros);
    if (this.account.published(tid, seq, due) === 'again') return;
    if (due > 0 && reception.came(due, nowMicros, this.isSlow)) this.deliveriesInWindow++;
  }

  skipped(tid: number, from: number, to: number): void {
    if (this.isRead) this.account.skipped(tid, from, to);
  }

  missed(tid: number, from: number, to: number): void {
    if (this.isRead) this.account.gone(tid, from, to);
  }

  #message(payload: Buffer, isDeflated: boolean): void {
    if (!this.isRead && this.#errand?.isOver) return;
    this.#room.nowMicros = sharedMicros();
    try {
      this.#room.scanner.scan(isDeflated ? inflated(payload) : payload, this);
    } catch (error) {
      this.fault ??= messageOf(error);
      this.#errand?.fail(this.fault);
      this.#raw?.socket.destroy();
    }
  }

  #closed(code: number): void {
    this.#bytesBefore += this.#raw?.received() ?? 0;
    this.#messagesBefore += this.#raw?.messages() ?? 0;
    this.#raw = undefined;
    if (this.state === 'open') this.state = 'lost';
    this.#errand?.fail(`closed with ${code}`);
  }
}

export type Opening = {
  /** From when on its time counts; without it, since the muster began. */
  readonly sinceMicros?: number;
  readonly positions?: Positions;
};

// A server takes messages of 64 KiB and of 4,096 values, four of which are a position.
const mostPositions = 1000;
const bytesForPositions = 60_000;
const bytesAround = 24; // the number, quotes and brackets

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
