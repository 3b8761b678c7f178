/** A socket that comes back. Knows nothing of what it carries. */

import { shouldReconnect } from '../protocol/codes.ts';
import { backoffDelayMs } from './backoff.ts';
import { textOf } from './errors.ts';
import { findWebSocket, openSocket, type Socket, type SocketConstructor } from './socket.ts';
import type { CancelTimer, Time } from './time.ts';

/** `attempt` counts tries since the last connection that held. `until` and `since` are milliseconds since 1970. */
export type ConnectionState =
  | { readonly name: 'connecting'; readonly attempt: number; readonly url: string }
  | { readonly name: 'open'; readonly url: string; readonly since: number }
  | Waiting
  | Closed;
type Waiting = { readonly name: 'waiting'; readonly attempt: number; readonly until: number } & Ending;
type Closed = { readonly name: 'closed' } & Ending;
/** Why the last connection ended: a close code of the protocol or of RFC 6455, and a text. */
type Ending = { readonly code: number; readonly reason: string };

export type ConnectionOptions = {
  minDelayMs: number;
  maxDelayMs: number;
  maxAttempts: number;
  connectTimeoutMs: number;
  stableMs: number;
};

export type ConnectionParts = {
  readonly urls: readonly [string, ...string[]];
  readonly options: ConnectionOptions;
  readonly WebSocket: SocketConstructor | undefined;
  readonly time: Time;
  readonly random: () => number;
};

export type ConnectionEvents = {
  /** The socket is up; say hello, and call `welcomed` when it is answered. */
  opened(): void;
  message(data: Uint8Array | string): void;
  /** A socket that was up is gone, whatever comes next. */
  down(ending: Ending): void;
  state(state: ConnectionState): void;
  /** Follows `state` closed, when it was not us who wanted to close. */
  givenUp(ending: Ending): void;
};

/** Close code for a peer that went silent; private to us, so never seen by a server that is alive. */
export const silentCode = 3008; // "Timeout" in the IANA close code registry

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #events: ConnectionEvents;
  #state: ConnectionState;
  #socket: Socket | undefined;
  #tries = 0;
  #openedAt: number | undefined;
  #cancelTimer: CancelTimer = () => {};

  constructor(parts: ConnectionParts, events: ConnectionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#state = { name: 'connecting', attempt: 1, url: parts.urls[0] };
    queueMicrotask(() => this.#try()); // whoever made it has time to listen
  }

  get state(): ConnectionState {
    return this.#state;
  }

  send(bytes: Uint8Array): void {
    this.#socket?.send(bytes);
  }

  /** The server took us: from here on the connection counts as open. */
  welcomed(): void {
    if (this.#state.name !== 'connecting') return;
    this.#cancelTimer();
    const { elapsed, now } = this.#parts.time;
    this.#openedAt = elapsed();
    this.#enter({ name: 'open', url: this.#state.url, since: now() });
  }

  /** Gives this socket up and tries again. The code is for the server to see. */
  drop(code: number, reason: string): void {
    if (this.#state.name === 'closed' || this.#state.name === 'waiting') return;
    this.#socket?.end(code, reason);
    this.#comeBack({ code, reason });
  }

  /** The end, wanted by us. Twice is harmless. */
  close(code: number, reason: string): void {
    if (this.#state.name === 'closed') return;
    this.#socket?.end(code, reason);
    this.#finish({ code, reason });
  }

  /** The end, not wanted by us. */
  giveUp(ending: Ending): void {
    if (this.#state.name === 'closed') return;
    this.#socket?.end(1000, '');
    this.#finish(ending);
    this.#events.givenUp(ending);
  }

  #try(): void {
    if (this.#state.name === 'closed') return;
    const { urls, options, time } = this.#parts;
    const url = urls[this.#tries % urls.length] ?? urls[0];
    this.#tries++;
    const state: ConnectionState = { name: 'connecting', attempt: this.#tries, url };
    this.#enter(state);
    if (this.#state !== state) return; // whoever heard of it closed us
    const { connectTimeoutMs } = options;
    this.#cancelTimer = time.after(connectTimeoutMs, () => {
      this.drop(silentCode, `${url} did not answer within ${connectTimeoutMs} ms (connectTimeoutMs)`);
    });
    this.#open(state, url).catch((fault: unknown) => {
      if (this.#state === state) this.giveUp({ code: 1006, reason: textOf(fault) });
    });
  }

  async #open(state: ConnectionState, url: string): Promise<void> {
    const WebSocket = await findWebSocket(this.#parts.WebSocket);
    if (this.#state !== state) return;
    const socket: Socket = openSocket(WebSocket, url, {
      opened: () => this.#events.opened(),
      message: (data) => this.#events.message(data),
      closed: (code, reason) => this.#lost({ code, reason }),
    });
    this.#socket = socket;
  }

  #lost(ending: Ending): void {
    if (shouldReconnect(ending.code)) this.#comeBack(ending);
    else this.giveUp(ending);
  }

  #comeBack(ending: Ending): void {
    this.#putDown(ending);
    if (this.#tries < this.#parts.options.maxAttempts) this.#wait(ending);
    else this.giveUp({ ...ending, reason: `${ending.reason || 'no answer'} (${this.#tries} tries, maxAttempts)` });
  }

  #wait(ending: Ending): void {
    const { options, random, time } = this.#parts;
    const delayMs = backoffDelayMs(this.#tries, options, random);
    this.#cancelTimer = time.after(delayMs, () => this.#try());
    this.#enter({ name: 'waiting', attempt: this.#tries + 1, until: time.now() + delayMs, ...ending });
  }

  #finish(ending: Ending): void {
    this.#putDown(ending);
    this.#enter({ name: 'closed', ...ending });
  }

  #putDown(ending: Ending): void {
    this.#cancelTimer();
    const { time, options } = this.#parts;
    // A server that takes us only to throw us out again is no success: the waits go on growing.
    if (this.#openedAt !== undefined && time.elapsed() - this.#openedAt >= options.stableMs) this.#tries = 0;
    this.#openedAt = undefined;
    if (this.#socket === undefined) return;
    this.#socket = undefined;
    this.#events.down(ending);
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#events.state(state);
  }
}
