/** The server's side of one connected client. */

import type { Stream } from '../bus/index.ts';
import {
  type CloseReason,
  closeCodes,
  type Encoding,
  type ErrorReason,
  errorCodes,
  type ServerFrame,
} from '../protocol/index.ts';
import type { ServerParts } from './parts.ts';
import type { WebSocket } from './uws.ts';

/** What a socket carries from its upgrade on. */
export type SocketData = {
  readonly encoding: Encoding;
  /** Patterns named in the URL: such a client need not say HELLO. */
  readonly patterns: readonly string[];
  session: Session | undefined;
};
export type Socket = WebSocket<SocketData>;

type State = 'greeting' | 'open' | 'closed';

export class Session {
  /** Random; the name that WELCOME and the log know it by. */
  readonly id = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64url');
  readonly encoding: Encoding;
  readonly connectedAt = performance.now();
  /** Monotonic milliseconds of the last message sent to this session alone. */
  sentAt = performance.now();
  #state: State;
  #errors = 0;
  #subscriptions: Map<number, Stream> | undefined; // made with the first one: idle connections stay small
  readonly #socket: Socket;
  readonly #parts: ServerParts;

  constructor(socket: Socket, state: 'greeting' | 'open', parts: ServerParts) {
    this.#socket = socket;
    this.encoding = socket.getUserData().encoding;
    this.#state = state;
    this.#parts = parts;
  }

  get state(): State {
    return this.#state;
  }

  /** HELLO was said. */
  open(): void {
    if (this.#state === 'greeting') this.#state = 'open';
  }

  get subscriptionCount(): number {
    return this.#subscriptions?.size ?? 0;
  }

  hasSubscription(sid: number): boolean {
    return this.#subscriptions?.has(sid) ?? false;
  }

  /** Joins the pattern's stream: `answer` goes first, then everything up to now, then what comes, with no gap between. */
  subscribe(sid: number, pattern: string, withRows: boolean, answer: (topics: number) => ServerFrame): void {
    const stream = this.#parts.hub.join(pattern, { encoding: this.encoding });
    this.#subscriptions ??= new Map();
    this.#subscriptions.set(sid, stream);
    this.send(answer(stream.topics.length));
    for (const message of stream.welcome(withRows)) this.#write(message);
    this.#socket.subscribe(stream.channel);
  }

  /** False when there is no such subscription. */
  unsubscribe(sid: number): boolean {
    const stream = this.#subscriptions?.get(sid);
    if (stream === undefined) return false;
    this.#subscriptions?.delete(sid);
    const isStillWanted = [...this.streams()].includes(stream);
    if (!isStillWanted) this.#socket.unsubscribe(stream.channel);
    this.#parts.hub.leave(stream);
    return true;
  }

  streams(): Iterable<Stream> {
    return this.#subscriptions?.values() ?? [];
  }

  send(frame: ServerFrame): void {
    const bytes = this.#parts.hub.codec(this.encoding).encode(frame);
    this.#write(this.encoding === 'json-batch' ? Buffer.concat([openBracket, bytes, closeBracket]) : bytes);
  }

  /** Answers a request that can't be met. An id of null: the request could not be read. */
  refuse(id: number | null, reason: ErrorReason, message: string, sid?: number): void {
    const frame = { op: 'error', id, ...errorCodes[reason], message } as const;
    this.send(sid === undefined ? frame : { ...frame, sid });
  }

  /** Counts a frame that could not be read, and gives the client up when there were too many. */
  countError(): void {
    this.#errors++;
    const { maxErrors } = this.#parts.options;
    if (this.#errors >= maxErrors) this.close('tooManyErrors', `${this.#errors} frames could not be read`);
  }

  /** Bytes that the kernel would not take yet. */
  get bufferedBytes(): number {
    return this.#state === 'closed' ? 0 : this.#socket.getBufferedAmount();
  }

  /** Ends the connection with a code from the table. Twice is harmless. */
  close(reason: CloseReason, text: string = reason): void {
    if (this.#state === 'closed') return;
    this.#socket.end(closeCodes[reason].code, text);
  }

  /** The socket is gone: lets go of every stream. */
  closed(): void {
    this.#state = 'closed';
    for (const stream of this.streams()) this.#parts.hub.leave(stream);
    this.#subscriptions = undefined;
  }

  #write(bytes: Uint8Array): void {
    if (this.#state === 'closed') return;
    this.sentAt = performance.now();
    this.#socket.send(bytes, this.encoding === 'msgpack');
  }
}

const openBracket = Buffer.from('[');
const closeBracket = Buffer.from(']');
