/** Walks over a server's WebSocket frames as bytes come in, and looks into those only that someone wants to see. */

/** Bytes are valid for the call only. */
export type FrameListener = {
  ping(payload: Buffer): void;
  /** Without it messages are passed over unread. */
  message?: ((payload: Buffer, isDeflated: boolean) => void) | undefined;
  closed?: ((code: number) => void) | undefined;
  /** Permessage-deflate was offered, so messages may be compressed. */
  isDeflateOffered?: boolean | undefined;
};

const opcodes = { continuation: 0x0, close: 0x8, ping: 0x9, pong: 0xa } as const;
const rsv1 = 0x40; // of a compressed message's first frame (RFC 7692)
const mostHeaderBytes = 10; // server frames carry no mask (RFC 6455 section 5.2)

export class FrameWalker {
  /** Payload of data messages, so far; pings are not in it, for each subscriber gets its own number of them. */
  messageBytes = 0;
  /** Whose header has come. */
  messages = 0;
  readonly #listener: FrameListener;
  readonly #header = Buffer.alloc(mostHeaderBytes);
  #headerBytes = 0;
  #opcode: number = opcodes.continuation;
  #isDeflated = false;
  /** Of the frame's payload, still to come. */
  #left = 0;
  #state: 'header' | 'payload' = 'header';
  /** A payload that someone wants and that did not come in one piece. */
  #pieces: Buffer | undefined;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** The next bytes of the connection, cut anywhere. Throws for what a server must not send or ours never does. */
  walk(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length || (this.#state === 'payload' && this.#left === 0)) {
      at = this.#state === 'header' ? this.#walkHeader(chunk, at) : this.#walkPayload(chunk, at);
    }
  }

  #walkHeader(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length && this.#headerBytes < this.#headerLength()) {
      this.#header[this.#headerBytes++] = chunk[at++] as number;
    }
    if (this.#headerBytes === this.#headerLength()) this.#begin();
    return at;
  }

  #headerLength(): number {
    if (this.#headerBytes < 2) return 2;
    const short = this.#header[1] as number;
    return short < 126 ? 2 : short === 126 ? 4 : 10;
  }

  #begin(): void {
    const first = this.#header[0] as number;
    const short = this.#header[1] as number;
    this.#opcode = first & 0x0f;
    this.#isDeflated = (first & rsv1) !== 0 && this.#isData() && this.#listener.isDeflateOffered === true;
    const flags = this.#isDeflated ? first & 0xf0 & ~rsv1 : first & 0xf0;
    if (flags !== 0x80 || this.#opcode === opcodes.continuation || short > 127) {
      throw new Error(`not a whole, plain server frame: ${this.#header.subarray(0, 2).toString('hex')}`);
    }
    this.#left =
      short < 126 ? short : short === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
    if (this.#isData()) this.#count();
    this.#headerBytes = 0;
    this.#state = 'payload';
  }

  #walkPayload(chunk: Buffer, start: number): number {
    const end = Math.min(chunk.length, start + this.#left);
    const isWhole = this.#pieces === undefined && end - start === this.#left;
    if (this.#isWanted()) {
      const piece = chunk.subarray(start, end);
      if (isWhole) this.#tell(piece);
      else this.#keep(piece);
    }
    this.#left -= end - start;
    if (this.#left === 0) this.#finish();
    return end;
  }

  #count(): void {
    this.messages++;
    this.messageBytes += this.#left;
  }

  #isData(): boolean {
    return this.#opcode < opcodes.close;
  }

  #isWanted(): boolean {
    return this.#isData() ? this.#listener.message !== undefined : this.#opcode !== opcodes.pong;
  }

  /** Before `#left` counts the piece. */
  #keep(piece: Buffer): void {
    this.#pieces ??= Buffer.allocUnsafe(this.#left);
    piece.copy(this.#pieces, this.#pieces.length - this.#left);
  }

  #finish(): void {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    this.#state = 'header';
    if (pieces !== undefined) this.#tell(pieces);
  }

  #tell(payload: Buffer): void {
    if (this.#opcode === opcodes.ping) this.#listener.ping(payload);
    else if (this.#opcode === opcodes.close) {
      this.#listener.closed?.(payload.length < 2 ? noStatus : payload.readUInt16BE(0));
    } else this.#listener.message?.(payload, this.#isDeflated);
  }
}

const noStatus = 1005; // as RFC 6455 section 7.1.5 calls a close frame without a code
