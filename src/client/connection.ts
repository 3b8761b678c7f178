/** A socket that comes back. Knows nothing of what it carries. */

import { shouldReconnect } from '../protocol/codes.ts';
import { backoffDelayMs } from './backoff.ts';
import { textOf } from './errors.ts';
import { findWebSocket, openSocket, type Socket, type SocketConstructor, type SocketEvents } from './socket.ts';
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
  /** In place of `down`: from here on all is said on, and comes from, the socket that stood by. */
  moved(): void;
  state(state: ConnectionState): void;
  /** Follows `state` closed, when it was not us who wanted to close. */
  givenUp(ending: Ending): void;
};

/** A connection that its server has welcomed already. */
export type Standby = {
  readonly url: string;
  /** Its socket, which tells these events from now on; undefined when it is gone. */
  take(events: SocketEvents): Socket | undefined;
};

/** Close code for a peer that went silent; private to us, so never seen by a server that is alive. */
export const silentCode = 3008; // "Timeout" in the IANA close code registry

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #events: ConnectionEvents;
  #state: ConnectionState;
  #socket: Socket | undefined;
  #standby: Standby | undefined;
  #tries = 0;
  /** Which of the urls the tries begin with, and which is in use. */
  #firstUrl = 0;
  #url = 0;
  #isSentAway = false;
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

  /** The url to go to from here, after so many tries with those before it in turn. */
  urlAfter(tries: number): string {
    return this.#urlAt(this.#url + 1 + tries);
  }

  /** The server is going: once it is gone, the next one is tried at once. */
  sendAway(): void {
    this.#isSentAway = true;
  }

  /** To go on with when told to, or when this socket is lost. One that is gone by then is passed over. */
  standBy(next: Standby): void {
    this.#standby = next;
  }

  /** Goes on with the one that stands by, without having been down. False when there is none. */
  moveOn(): boolean {
    const [next, former] = [this.#standby, this.#socket];
    this.#standby = undefined;
    const socket = next?.take(this.#socketEvents);
    if (next === undefined || socket === undefined) return false;
    this.#cancelTimer();
    this.#countTries();
    this.#isSentAway = false;
    this.#socket = socket;
    this.#url = this.#firstUrl = this.#parts.urls.indexOf(next.url);
    this.#openedAt = this.#parts.time.elapsed();
    const state: ConnectionState = { name: 'open', url: next.url, since: this.#parts.time.now() };
    this.#state = state;
    this.#events.moved();
    former?.end(1000, 'moved');
    if (this.#state === state) this.#events.state(state); // else whoever heard of the move closed us
    return true;
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
    const { options, time } = this.#parts;
    this.#isSentAway = false;
    this.#url = this.#firstUrl + this.#tries;
    const url = this.#urlAt(this.#url);
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
    this.#socket = openSocket(WebSocket, url, this.#socketEvents);
  }

  get #socketEvents(): SocketEvents {
    return {
      opened: () => this.#events.opened(),
      message: (data) => this.#events.message(data),
      closed: (code, reason) => this.#lost({ code, reason }),
    };
  }

  #urlAt(index: number): string {
    const { urls } = this.#parts;
    return urls[index % urls.length] ?? urls[0];
  }

  #lost(ending: Ending): void {
    if (shouldReconnect(ending.code)) this.#comeBack(ending);
    else this.giveUp(ending);
  }

  #comeBack(ending: Ending): void {
    if (this.moveOn()) return;
    this.#putDown(ending);
    if (this.#tries < this.#parts.options.maxAttempts) this.#wait(ending);
    else this.giveUp({ ...ending, reason: `${ending.reason || 'no answer'} (${this.#tries} tries, maxAttempts)` });
  }

  #wait(ending: Ending): void {
    const { options, random, time } = this.#parts;
    const delayMs = this.#isSentAway ? random() * options.minDelayMs : backoffDelayMs(this.#tries, options, random);
    this.#cancelTimer = time.after(delayMs, () => this.#try());
    this.#enter({ name: 'waiting', attempt: this.#tries + 1, until: time.now() + delayMs, ...ending });
  }

  #finish(ending: Ending): void {
    this.#putDown(ending);
    this.#enter({ name: 'closed', ...ending });
  }

  #putDown(ending: Ending): void {
    this.#cancelTimer();
    this.#standby = undefined;
    this.#countTries();
    if (this.#isSentAway) {
      this.#tries = 0;
      this.#firstUrl = this.#url + 1;
    }
    if (this.#socket === undefined) return;
    this.#socket = undefined;
    this.#events.down(ending);
  }

  /** A server that takes us only to throw us out again is no success: the waits go on growing. */
  #countTries(): void {
    const { time, options } = this.#parts;
    if (this.#openedAt !== undefined && time.elapsed() - this.#openedAt >= options.stableMs) this.#tries = 0;
    this.#openedAt = undefined;
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#events.state(state);
  }
}
