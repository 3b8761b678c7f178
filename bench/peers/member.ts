/** One subscriber of a peer, in a process that holds many. */

import { maskedFrame, openRawSubscriber, type RawSubscriber } from '../support/raw-subscriber.ts';
import type { Joining, StampReader } from './peer.ts';

const unaskedPong = maskedFrame(new Uint8Array(), 0x8a);

export class Member {
  isClosed = false;
  /** Those whose messages are read; of the others only bytes are counted. */
  deliveries = 0;
  /** Resolves once the subscription holds. */
  readonly joined: Promise<void>;
  #raw: RawSubscriber | undefined;
  #bytesBefore = 0;
  #owesPong = false;
  #take: (message: Buffer) => void = () => {};

  private constructor({ isJoined }: Joining) {
    this.joined = new Promise((resolve) => {
      if (isJoined === undefined) resolve();
      this.#take = (message) => {
        if (isJoined?.(message) === true) resolve();
      };
    });
  }

  /** Resolves once it has asked for its subscription. */
  static async open(joining: Joining, port: number): Promise<Member> {
    const member = new Member(joining);
    const { path, headers = {}, isText = false, hello } = joining;
    member.#raw = await openRawSubscriber({ port, path, headers, isText }, hello, {
      message: (message) => member.#hear(message),
      closed: () => {
        member.isClosed = true;
      },
    });
    return member;
  }

  /** Counts from here on; `read` gets each message until the next call. */
  begin(reader?: StampReader, read?: (micros: number) => void): void {
    this.#bytesBefore = this.#raw?.received() ?? 0;
    this.deliveries = 0;
    this.#take = () => {};
    if (reader === undefined || read === undefined) return;
    this.#take = (message) => {
      this.deliveries += reader.read(message, read);
    };
  }

  bytes(): number {
    return (this.#raw?.received() ?? 0) - this.#bytesBefore;
  }

  /** Says something nobody asked for (RFC 6455 section 5.5.3), right after the next message. */
  owePong(): void {
    this.#owesPong = true;
  }

  leave(): void {
    this.#raw?.socket.destroy();
  }

  #hear(message: Buffer): void {
    this.#take(message);
    if (!this.#owesPong) return;
    this.#owesPong = false;
    this.#raw?.socket.write(unaskedPong);
  }
}
