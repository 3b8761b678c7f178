/** Leaving a server that is going: the next connection is there before this one ends. */

import { backoffDelayMs } from './backoff.ts';
import type { Connection, ConnectionParts } from './connection.ts';
import type { Conversation } from './conversation.ts';
import type { TickwireError } from './errors.ts';
import type { Draining } from './notices.ts';
import { Successor } from './successor.ts';
import type { CancelTimer } from './time.ts';

/** `settling`: the next server has welcomed us, and what was said to this one is answered first. */
type State =
  | { readonly name: 'staying' }
  | { readonly name: 'waiting'; readonly cancel: CancelTimer }
  | { readonly name: 'trying'; readonly successor: Successor }
  | Settling;
type Settling = { readonly name: 'settling'; readonly successor: Successor; readonly cancel: CancelTimer };

const settleMs = 1000; // a publication is answered in a round trip; the server stays for a second or more after our slot

export class Departure {
  readonly #parts: ConnectionParts;
  readonly #connection: Connection;
  readonly #conversation: Conversation;
  readonly #report: (error: TickwireError) => void;
  #state: State = { name: 'staying' };
  /** When the server will be gone, by `elapsed`. */
  #deadlineAt = 0;

  constructor(
    parts: ConnectionParts,
    connection: Connection,
    conversation: Conversation,
    report: (error: TickwireError) => void,
  ) {
    this.#parts = parts;
    this.#connection = connection;
    this.#conversation = conversation;
    this.#report = report;
  }

  /** The server has said when. What it says later counts, unless we are already on our way. */
  begin({ slotMs, deadlineMs }: Draining): void {
    this.#deadlineAt = this.#parts.time.elapsed() + deadlineMs;
    this.#connection.sendAway();
    if (this.#state.name === 'trying' || this.#state.name === 'settling') return;
    this.stop();
    this.#wait(slotMs, 0);
  }

  /** The connection has gone on with the one that stood by. */
  moved(): void {
    const state = this.#state;
    if (state.name !== 'settling') return;
    state.cancel();
    this.#state = { name: 'staying' };
    this.#conversation.moved(state.successor);
  }

  /** There is nothing to leave any more. */
  stop(): void {
    const state = this.#state;
    this.#state = { name: 'staying' };
    if (state.name === 'waiting' || state.name === 'settling') state.cancel();
    if (state.name === 'trying' || state.name === 'settling') state.successor.end();
  }

  /** `failures`: tries since DRAIN that came to nothing. */
  #wait(delayMs: number, failures: number): void {
    const cancel = this.#parts.time.after(delayMs, () => this.#try(failures));
    this.#state = { name: 'waiting', cancel };
  }

  #try(failures: number): void {
    const { WebSocket, options } = this.#parts;
    const successor: Successor = new Successor(
      {
        url: this.#connection.urlAfter(failures),
        WebSocket,
        connectTimeoutMs: options.connectTimeoutMs,
        greeting: this.#conversation.greetingParts,
      },
      { ready: () => this.#settle(successor), failed: (why) => this.#failed(failures, why) },
    );
    this.#state = { name: 'trying', successor };
  }

  /** In a turn of its own: what the old server said in the same message as the last answer still counts. */
  #settle(successor: Successor): void {
    const moveOn = () => this.#connection.moveOn();
    const cancel = this.#parts.time.after(settleMs, moveOn);
    const state: Settling = { name: 'settling', successor, cancel };
    this.#state = state;
    this.#connection.standBy(successor);
    this.#conversation.publisher.rest(() => {
      queueMicrotask(() => {
        if (this.#state === state) moveOn();
      });
    });
  }

  /** The old server is still there, and nothing is lost yet. */
  #failed(failures: number, why: TickwireError | undefined): void {
    this.stop();
    this.#conversation.publisher.resume();
    const { time } = this.#parts;
    const delayMs = this.#delayMs(failures + 1);
    if (time.elapsed() + delayMs < this.#deadlineAt) this.#wait(delayMs, failures + 1);
    if (why !== undefined) this.#report(why); // last: whoever hears of it may close us
  }

  /** Each of the other servers is asked once before any wait. */
  #delayMs(failures: number): number {
    const { urls, options, random } = this.#parts;
    const others = Math.max(1, urls.length - 1);
    return failures < others ? 0 : backoffDelayMs(failures - others, options, random);
  }
}
