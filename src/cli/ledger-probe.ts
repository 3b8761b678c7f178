/** A subscriber that keeps books: one pattern, one view, every publication told of exactly once. */

import { WebSocket } from 'ws';
import { type Ledger, sumOf } from '../client/ledger.ts';
import { serverUrl } from '../client/server-url.ts';
import { decodeServerFrames, encodeClientFrame } from '../protocol/codec.ts';
import type { ClientFrame, ServerFrame, ViewRequest } from '../protocol/frames.ts';
import { Account } from './account.ts';
import { CliError, messageOf } from './exit.ts';
import { unreachable } from './server-address.ts';

const joinedWithinMs = 10_000;
const settledWithinMs = 5000; // what a filter leaves out is told within a second; networks and busy servers need time

export class LedgerProbe {
  readonly pattern: string;
  readonly view: ViewRequest;
  /** Rejects with CliError when the connection fails. Never resolves. */
  readonly failed: Promise<never>;
  readonly #address: string;
  readonly #socket: WebSocket;
  readonly #accounts = new Map<string, Account>();
  readonly #byTid = new Map<number, Account>();
  #topicsToCome: number | undefined;
  #failure: CliError | undefined;
  #wake: () => void = () => {};
  #reject: (failure: CliError) => void = () => {};

  /** Resolves once every topic has begun. Rejects with CliError when the server can't be reached, or refuses. */
  static async open(address: string, pattern: string, view: ViewRequest): Promise<LedgerProbe> {
    const probe = new LedgerProbe(address, pattern, view);
    if (await probe.#wait(() => probe.#hasJoined(), joinedWithinMs)) return probe;
    probe.close();
    throw new CliError('failed', `${address} did not tell the topics of ${pattern} within ${joinedWithinMs} ms`);
  }

  private constructor(address: string, pattern: string, view: ViewRequest) {
    this.#address = address;
    this.pattern = pattern;
    this.view = view;
    this.failed = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => {}); // who waits for something hears of it there
    this.#socket = new WebSocket(serverUrl(address), 'tickwire.v1.msgpack');
    this.#socket.on('open', () => {
      this.#send({ op: 'hello', id: 1, options: { sdk: 'tickwire ledger' } });
      this.#send({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern, ...view }] });
    });
    this.#socket.on('message', (data: Buffer) => this.#read(data));
    this.#socket.on('error', (error) => this.#fail(unreachable(address, messageOf(error))));
    this.#socket.on('close', (code, reason) => {
      this.#fail(new CliError('failed', `${address} closed the connection (${reason.toString() || code})`));
    });
  }

  get topics(): number {
    return this.#accounts.size;
  }

  /** Waits until everything up to these positions is accounted for; what is not by then is a fault. */
  async settle(positions: ReadonlyMap<string, number>): Promise<void> {
    const wanted = [...positions].map(([topic, seq]) => ({ account: this.#account(topic), seq }));
    await this.#wait(() => wanted.every(({ account, seq }) => account.at >= seq), settledWithinMs);
    for (const { account, seq } of wanted) account.close(seq);
  }

  tally(): Ledger {
    return sumOf([...this.#accounts.values()].map(({ tally }) => tally));
  }

  /** In words, each with its topic. */
  faults(): string[] {
    return [...this.#accounts].flatMap(([topic, { faults }]) => faults.map((fault) => `${topic}: ${fault}`));
  }

  close(): void {
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => {}); // of a connection that was never made
    this.#socket.terminate();
  }

  #send(frame: ClientFrame): void {
    this.#socket.send(encodeClientFrame(frame));
  }

  #read(message: Uint8Array): void {
    try {
      decodeServerFrames(message, (frame) => this.#take(frame));
    } catch (error) {
      this.#fail(
        new CliError('failed', `${this.#address} does not speak as a Tickwire server does: ${messageOf(error)}`),
      );
    }
    this.#wake();
  }

  #take(frame: ServerFrame): void {
    if (frame.op === 'error') this.#fail(new CliError('failed', frame.message));
    else if (frame.op === 'subscribed') this.#topicsToCome = frame.topics;
    else if (frame.op === 'topic') this.#byTid.set(frame.tid, this.#account(frame.name));
    else if ('tid' in frame) this.#byTid.get(frame.tid)?.enter(frame);
  }

  #account(topic: string): Account {
    const account = this.#accounts.get(topic) ?? new Account();
    this.#accounts.set(topic, account);
    return account;
  }

  #hasJoined(): boolean {
    if (this.#topicsToCome === undefined) return false;
    let begun = 0;
    for (const { hasBegun } of this.#accounts.values()) if (hasBegun) begun++;
    return begun >= this.#topicsToCome;
  }

  /** False when it took too long. Rejects when the connection failed. */
  async #wait(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (isSo()) return true;
      if (performance.now() >= deadline) return false;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 100); // the deadline must be seen though nothing comes
      });
    }
  }

  #fail(failure: CliError): void {
    this.#failure ??= failure;
    this.#reject(failure);
    this.#wake();
  }
}
