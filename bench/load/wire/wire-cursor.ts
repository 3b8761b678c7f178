/** Reads MessagePack in place: what nobody asks for is passed over, and nothing is built. */

export class WireCursor {
  /** Of the next value. */
  at = 0;
  #bytes: Uint8Array = new Uint8Array();

  /** Bytes are read where they are, so they must stay as they are meanwhile. */
  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.at = 0;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** Members of the array that begins here; -1, and nothing is read, when it is another value. */
  array(): number {
    const first = this.#byte();
    if (first >= 0x90 && first <= 0x9f) return first & 0x0f;
    if (first === 0xdc) return this.#uint(2);
    if (first === 0xdd) return this.#uint(4);
    this.at--;
    return -1;
  }

  /** Throws for what is no number. */
  number(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    if (first >= 0xe0) return first - 0x100;
    switch (first) {
      case 0xca:
        return this.#float(4);
      case float64:
        return this.#float(8);
      case 0xcc:
        return this.#byte();
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xcf:
        return this.#uint(4) * 2 ** 32 + this.#uint(4);
      case 0xd0:
        return (this.#byte() << 24) >> 24;
      case 0xd1:
        return (this.#uint(2) << 16) >> 16;
      case 0xd2:
        return this.#uint(4) | 0;
      case 0xd3:
        return (this.#uint(4) | 0) * 2 ** 32 + this.#uint(4);
      default:
        throw new RangeError(`not a number: 0x${first.toString(16)}`);
    }
  }

  /** What is not true, null among it, is false. */
  isTrue(): boolean {
    const isTrue = this.#bytes[this.at] === 0xc3;
    this.skip();
    return isTrue;
  }

  /** Bytes of the text that begins here, whose first is then at `at`; -1, and nothing is read, when it is another value. */
  text(): number {
    const first = this.#byte();
    if (first >= 0xa0 && first <= 0xbf) return first & 0x1f;
    if (first >= 0xd9 && first <= 0xdb) return this.#uint(1 << (first - 0xd9));
    this.at--;
    return -1;
  }

  /** The text that begins here; empty when it is another value. */
  string(): string {
    const length = this.text();
    if (length < 0) {
      this.skip();
      return '';
    }
    const start = this.at;
    this.pass(length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, length).toString();
  }

  /** Passes over one value with all that is in it. */
  skip(): void {
    // Times are floats, and each frame has one.
    if (this.#bytes[this.at] === float64) this.pass(9);
    else for (let left = 1; left > 0; left--) left += this.#skipHead();
  }

  /** Throws RangeError where the message ends before. */
  pass(bytes: number): void {
    this.at += bytes;
    if (this.at > this.#bytes.length) throw new RangeError('not a message: cut short');
  }

  /** Of one value, without its members, whose number it tells. */
  #skipHead(): number {
    const first = this.#byte();
    if (first < 0x80 || first >= 0xe0) return 0;
    if (first < 0x90) return 2 * (first & 0x0f);
    if (first < 0xa0) return first & 0x0f;
    if (first < 0xc0) this.pass(first & 0x1f);
    else if (first >= 0xdc) return (first >= 0xde ? 2 : 1) * this.#uint(first & 1 ? 4 : 2);
    else this.pass(this.#bodyBytes(first));
    return 0;
  }

  /** What follows the first byte of a value that has no members; reads the length where one is told. */
  #bodyBytes(first: number): number {
    const fixed = bodyBytes[first - 0xc0] as number;
    if (fixed >= 0) return fixed;
    return first >= 0xd9 ? this.#uint(1 << (first - 0xd9)) : this.#lengthOfBytes(first);
  }

  #lengthOfBytes(first: number): number {
    if (first < 0xc7) return this.#uint(1 << (first - 0xc4));
    return this.#uint(1 << (first - 0xc7)) + 1; // an extension's sort
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw new RangeError('not a message: cut short');
    return this.#bytes[this.at++] as number;
  }

  #uint(bytes: number): number {
    const start = this.at;
    this.pass(bytes);
    let value = 0;
    for (let i = start; i < this.at; i++) value = value * 256 + (this.#bytes[i] as number);
    return value;
  }

  #float(bytes: 4 | 8): number {
    scratch.setUint32(0, this.#uint(4));
    if (bytes === 4) return scratch.getFloat32(0);
    scratch.setUint32(4, this.#uint(4));
    return scratch.getFloat64(0);
  }
}

const float64 = 0xcb;
const scratch = new DataView(new ArrayBuffer(8));

/** From c0 to db: bytes after the first; -1 where a length says. */
const bodyBytes = [
  0, 0, 0, 0, -1, -1, -1, -1, -1, -1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, -1, -1, -1,
] as const;
