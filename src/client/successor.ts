/** The next connection, made while the present one still serves: it is ready once its server has welcomed us. */

import { decodeServerFrames, encodeClientFrame } from '../protocol/codec.ts';
import type { ServerFrame } from '../protocol/frames.ts';
import type { Standby } from './connection.ts';
import { TickwireError, textOf } from './errors.ts';
import { Greeting, type GreetingParts } from './greeting.ts';
import { findWebSocket, openSocket, type Socket, type SocketConstructor, type SocketEvents } from './socket.ts';
import type { CancelTimer } from './time.ts';

export type SuccessorParts = {
  readonly url: string;
  readonly WebSocket: SocketConstructor | undefined;
  readonly connectTimeoutMs: number;
  readonly greeting: GreetingParts;
};

export type SuccessorEvents = {
  ready(): void;
  /** It is over, before it was ready or after. `why` is absent where a server was not reached or went away. */
  failed(why?: TickwireError): void;
};

/** `taken`: the socket is another's now. */
type Phase = 'asking' | 'ready' | 'taken' | 'over';

export class Successor implements Standby {
  readonly url: string;
  readonly greeting: Greeting;
  /** All that its server has said so far, WELCOME and what came behind it. */
  readonly messages: (Uint8Array | string)[] = [];
  readonly #parts: SuccessorParts;
  readonly #events: SuccessorEvents;
  readonly #cancelTimer: CancelTimer;
  #phase: Phase = 'asking';
  #socket: Socket | undefined;

  constructor(parts: SuccessorParts, events: SuccessorEvents) {
    this.url = parts.url;
    this.#parts = parts;
    this.#events = events;
    this.greeting = new Greeting(parts.greeting, {
      send: (frame) => this.#socket?.send(encodeClientFrame(frame)),
      said: () => {},
      failed: (why) => this.#fail(why),
    });
    this.#cancelTimer = parts.greeting.time.after(parts.connectTimeoutMs, () => this.#fail());
    this.#open().catch((cause: unknown) => this.#fail(new TickwireError('noWebSocket', textOf(cause), { cause })));
  }

  take(events: SocketEvents): Socket | undefined {
    if (this.#phase !== 'ready') return undefined;
    this.#phase = 'taken';
    this.#socket?.tell(events);
    return this.#socket;
  }

  /** It is not needed. Without effect once it is taken. */
  end(): void {
    if (this.#phase === 'taken' || this.#phase === 'over') return;
    this.#phase = 'over';
    this.#cancelTimer();
    this.greeting.end();
    this.#socket?.end(1000, '');
  }

  async #open(): Promise<void> {
    const WebSocket = await findWebSocket(this.#parts.WebSocket);
    if (this.#phase !== 'asking') return;
    this.#socket = openSocket(WebSocket, this.url, {
      opened: () => this.greeting.begin(),
      message: (data) => this.#message(data),
      closed: () => this.#fail(),
    });
  }

  #message(data: Uint8Array | string): void {
    this.messages.push(data);
    if (this.#phase !== 'asking') return;
    try {
      if (typeof data === 'string') throw new TypeError('it is text, where binary was agreed');
      decodeServerFrames(data, (frame) => this.#receive(frame));
    } catch (cause) {
      const message = `a message of ${this.url} could not be read: ${textOf(cause)}`;
      this.#fail(new TickwireError('unreadable', message, { cause }));
    }
  }

  #receive(frame: ServerFrame): void {
    if (this.#phase !== 'asking') return;
    if (frame.op === 'error') this.#fail(new TickwireError(frame, `${this.url}: ${frame.message}`));
    if (frame.op !== 'welcome') return;
    this.#phase = 'ready';
    this.#cancelTimer();
    this.greeting.welcomed(frame.info);
    this.#events.ready();
  }

  #fail(why?: TickwireError): void {
    if (this.#phase === 'taken' || this.#phase === 'over') return;
    this.end();
    this.#events.failed(why);
  }
}
