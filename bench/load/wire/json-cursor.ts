/** Reads JSON text in place, as UTF-8: what nobody asks for is passed over, and nothing is built. */

export class JsonCursor {
  /** The text that `text` read last, without its quotes. */
  textStart = 0;
  textEnd = 0;
  /** Of the next byte. */
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);

  /** Bytes are read where they are, so they must stay as they are meanwhile. */
  open(bytes: Uint8Array): void {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The next byte that is no space; undefined at the end. */
  peek(): number | undefined {
    while ((this.#bytes[this.at] ?? 0x7f) <= 0x20) this.at++;
    return this.#bytes[this.at];
  }

  /** Passes over the byte if it comes next. */
  takes(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  /** Throws where another byte comes next. */
  expect(byte: number): void {
    if (!this.takes(byte)) throw new RangeError(`not a message: no "${String.fromCharCode(byte)}" at byte ${this.at}`);
  }

  /** Reads a text and gives its hash, which is that of `hashOf` where nothing is escaped. */
  text(): number {
    this.expect(quote);
    const bytes = this.#bytes;
    let at = this.at;
    let hash = 0;
    this.textStart = at;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[++at]) {
      if (byte === undefined) throw cutShort();
      if (byte === backslash) at++;
      hash = (Math.imul(hash, hashFactor) + byte) | 0;
    }
    this.textEnd = at;
    this.at = at + 1;
    return hash;
  }

  /** A whole number that is not negative is read in place; any other one is decoded. True is 1, false 0, null NaN. */
  number(): number {
    this.peek();
    const start = this.at;
    let at = start;
    let value = 0;
    for (let digit = digitAt(this.#bytes, at); digit >= 0; digit = digitAt(this.#bytes, ++at))
      value = value * 10 + digit;
    this.at = at;
    if (at > start && !this.#isInNumber()) return value;
    this.at = start;
    this.#passWord();
    const word = this.#bytes.toString('latin1', start, this.at);
    return word === 'true' ? 1 : word === 'false' ? 0 : Number(word);
  }

  /** Passes over one value with all that is in it. */
  skip(): void {
    let depth = 0;
    do {
      const byte = this.peek();
      if (byte === quote) this.#passText();
      else if (byte === brace || byte === bracket) depth += this.#step(1);
      else if (byte === braceEnd || byte === bracketEnd) depth += this.#step(-1);
      else if (byte === comma || byte === colon) this.at++;
      else this.#passWord();
    } while (depth > 0);
  }

  #step(depth: number): number {
    this.at++;
    return depth;
  }

  #passText(): void {
    const bytes = this.#bytes;
    let at = this.at + 1;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[++at]) {
      if (byte === undefined) throw cutShort();
      if (byte === backslash) at++;
    }
    this.at = at + 1;
  }

  /** A number, true, false or null. */
  #passWord(): void {
    const start = this.at;
    while (this.#isInNumber()) this.at++;
    if (this.at === start) throw cutShort();
  }

  /** Or in a word. */
  #isInNumber(): boolean {
    const byte = this.#bytes[this.at] ?? 0x20;
    return byte > 0x20 && byte !== comma && byte !== braceEnd && byte !== bracketEnd;
  }
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const bracket = 0x5b;
const backslash = 0x5c;
const bracketEnd = 0x5d;
const brace = 0x7b;
const braceEnd = 0x7d;

export const jsonMarks = { comma, colon, bracket, bracketEnd, brace, braceEnd, quote } as const;

const hashFactor = 0x01000193;

/** Tells words of ASCII apart without making them. */
export function hashOf(word: string): number {
  let hash = 0;
  for (const byte of Buffer.from(word)) hash = (Math.imul(hash, hashFactor) + byte) | 0;
  return hash;
}

/** -1 where there is none. */
function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - 0x30;
  return digit <= 9 ? digit : -1;
}

function cutShort(): RangeError {
  return new RangeError('not a message: cut short');
}
