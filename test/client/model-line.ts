/** A conversation with a model of a server: nothing arrives before the test says so, and the line is cut when it says so. */

import { expect } from 'vitest';
import { Conversation } from '../../src/client/conversation.ts';
import type { TickwireError } from '../../src/client/errors.ts';
import { clientOptions } from '../../src/client/options.ts';
import { type ServerFrame, serverCodec } from '../../src/protocol/index.ts';
import { ManualTime } from '../support/manual-time.ts';

/** `outbound`: the messages on their way to the client. */
type ModelServer = { receive(bytes: Uint8Array): void; readonly outbound: ServerFrame[][] };

export class ModelLine {
  readonly conversation: Conversation;
  readonly errors: TickwireError[] = [];
  readonly #server: ModelServer;
  #isUp = false;

  constructor(server: ModelServer, emit: (event: string, value: unknown) => void = () => {}) {
    this.#server = server;
    const connection = {
      send: (bytes: Uint8Array) => server.receive(bytes),
      welcomed: () => {},
      drop: (code: number, reason: string) => expect.fail(`dropped: ${code} ${reason}`),
      giveUp: () => expect.fail('gave up'),
    };
    const error = (error: TickwireError) => this.errors.push(error);
    this.conversation = new Conversation(connection, clientOptions({ time: new ManualTime() }), {
      error,
      drained: () => {},
      emit,
    });
    this.connect();
  }

  /** The next messages on the wire arrive. */
  hear(count: number): void {
    for (const frames of this.#server.outbound.splice(0, count)) {
      this.conversation.message(Buffer.concat(frames.map((frame) => Uint8Array.from(encode(frame)))));
    }
  }

  /** Down, and up again at the next command that cuts or at the end: there is a time without a connection. */
  cut(end: () => void): void {
    if (!this.#isUp) {
      this.connect();
      return;
    }
    this.#isUp = false;
    end();
    this.conversation.down();
  }

  connect(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.conversation.opened();
  }
}

const { encode } = serverCodec('msgpack', () => expect.fail('MessagePack needs no names'));
