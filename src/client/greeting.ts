/** HELLO on one socket, and what the server answers to it. */

import type { ClientFrame, FrameOf, ServerFrame, Welcome } from '../protocol/frames.ts';
import { TickwireError, textOf } from './errors.ts';
import type { Token } from './options.ts';
import { ServerClock } from './server-clock.ts';
import type { Time } from './time.ts';
import { sdkName } from './version.ts';

export type GreetingParts = {
  readonly token: Token | undefined;
  readonly maxBytesPerSec: number | undefined;
  readonly time: Time;
  readonly nextId: () => number;
};

export type GreetingEvents = {
  send(frame: ClientFrame): void;
  /** HELLO has left. */
  said(): void;
  /** There is no token to say it with. */
  failed(why: TickwireError): void;
};

export class Greeting {
  /** What time it is at this server; others have their own. */
  readonly clock: ServerClock;
  readonly #parts: GreetingParts;
  readonly #events: GreetingEvents;
  #id = 0;
  #isOver = false;

  constructor(parts: GreetingParts, events: GreetingEvents) {
    this.clock = new ServerClock(parts.time);
    this.#parts = parts;
    this.#events = events;
  }

  /** The socket is up. */
  begin(): void {
    const { token } = this.#parts;
    if (typeof token !== 'function') {
      this.#say(token);
      return;
    }
    freshToken(token).then(
      (fresh) => this.#say(fresh),
      (cause: unknown) => this.#fail(cause),
    );
  }

  welcomed({ clock }: Welcome): void {
    if (clock.t0 !== null) this.clock.end(clock.t0, clock);
  }

  /** Whether this is the answer to it. */
  isOf({ id }: FrameOf<ServerFrame, 'error'>): boolean {
    return this.#id !== 0 && id === this.#id;
  }

  /** The socket is gone: a token that comes later is of no use. */
  end(): void {
    this.#isOver = true;
  }

  #say(token: string | undefined): void {
    if (this.#isOver) return;
    this.#id = this.#parts.nextId();
    const { maxBytesPerSec } = this.#parts;
    const options = {
      sdk: sdkName,
      t0: this.clock.begin(),
      ...(token !== undefined && { token }),
      ...(maxBytesPerSec !== undefined && { maxBytesPerSec }),
    };
    this.#events.send({ op: 'hello', id: this.#id, options });
    this.#events.said();
  }

  #fail(cause: unknown): void {
    if (this.#isOver) return;
    this.#events.failed(new TickwireError('unauthorized', `no token could be had: ${textOf(cause)}`, { cause }));
  }
}

async function freshToken(token: () => string | Promise<string>): Promise<string> {
  return token();
}
