/** Finds the stamps of a peer whose every delivery takes the same number of bytes, however they are cut into messages. */

import { readStamp, stampBytes } from '../support/stamp.ts';
import type { StampReader } from './peer.ts';

export class StrideReader implements StampReader {
  readonly #recordBytes: number;
  /** From the start of the next message to the next stamp. */
  #ahead: number;
  /** A stamp that the end of a message cut. */
  #begun: Buffer | undefined;

  constructor({ recordBytes, stampAt }: { readonly recordBytes: number; readonly stampAt: number }) {
    this.#recordBytes = recordBytes;
    this.#ahead = stampAt;
  }

  /** Throws for a message that has no stamp where one must be. */
  read(message: Buffer, stamped: (micros: number) => void): number {
    const bytes = this.#begun === undefined ? message : Buffer.concat([this.#begun, message]);
    this.#begun = undefined;
    let at = this.#ahead;
    let found = 0;
    for (; at + stampBytes <= bytes.length; at += this.#recordBytes) {
      stamped(stampAt(bytes, at));
      found++;
    }
    this.#leave(bytes, at);
    return found;
  }

  #leave(bytes: Buffer, at: number): void {
    if (at >= bytes.length) {
      this.#ahead = at - bytes.length;
      return;
    }
    this.#begun = Buffer.from(bytes.subarray(at));
    this.#ahead = 0;
  }
}

function stampAt(bytes: Buffer, at: number): number {
  const micros = readStamp(bytes, at);
  if (micros !== undefined) return micros;
  throw new Error(`no stamp at byte ${at} of ${JSON.stringify(bytes.toString('latin1', 0, 200))}`);
}
