/** A subscriber all of whose frames are read, and added up topic by topic. */

import { decodeServerFrames, encodeClientFrame, type FrameOf, type ServerFrame } from '../../src/protocol/index.ts';
import { openRawSubscriber, type RawSubscriber } from '../support/raw-subscriber.ts';
import { TopicAccount } from './topic-account.ts';

export const pattern = 'bench.*';

/** What it says to be greeted and subscribed. */
export const hello = [
  encodeClientFrame({ op: 'hello', id: 1, options: {} }),
  encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern }] }),
].map((bytes) => Buffer.from(bytes));

export type WatcherListener = {
  data?(frame: FrameOf<ServerFrame, 'data'>): void;
  /** After each message. */
  message?(): void;
};

export class Watcher {
  /** By topic name. */
  readonly accounts = new Map<string, TopicAccount>();
  /** RATE frames, as `step: reason`. */
  readonly steps: string[] = [];
  closedWith: number | undefined;
  readonly #byTid = new Map<number, TopicAccount>();
  readonly #listener: WatcherListener;
  #subscriber: RawSubscriber | undefined;

  constructor(listener: WatcherListener = {}) {
    this.#listener = listener;
  }

  async open(port: number): Promise<void> {
    this.#subscriber = await openRawSubscriber({ port, path: '/ws' }, hello, {
      message: (payload) => {
        decodeServerFrames(payload, (frame) => this.#take(frame));
        this.#listener.message?.();
      },
      closed: (code) => {
        this.closedWith = code;
      },
    });
  }

  received(): number {
    return this.#subscriber?.received() ?? 0;
  }

  readAtMost(bytesPerSec: number): void {
    this.#subscriber?.readAtMost(bytesPerSec);
  }

  /** Whether it is at these positions, or past them. */
  hasSeen(seqs: Readonly<Record<string, number>>): boolean {
    for (const name in seqs) if ((this.accounts.get(name)?.last ?? -1) < (seqs[name] as number)) return false;
    return true;
  }

  #take(frame: ServerFrame): void {
    switch (frame.op) {
      case 'topic': {
        const account = this.accounts.get(frame.name) ?? new TopicAccount();
        this.accounts.set(frame.name, account);
        this.#byTid.set(frame.tid, account);
        break;
      }
      case 'data':
        this.#byTid.get(frame.tid)?.take(frame);
        this.#listener.data?.(frame);
        break;
      case 'snapshot':
      case 'mark':
      case 'gap':
        this.#byTid.get(frame.tid)?.take(frame);
        break;
      case 'rate':
        this.steps.push(`${frame.step}: ${frame.reason}`);
        break;
      case 'error':
        throw new Error(`the server said: ${frame.message}`);
    }
  }
}
