/** A MessagePack reader written from the specification alone, to check our bytes by something that is not our codec. */

/** All values of one message, in order. Knows what the wire uses; anything else is an error. */
export function readPlain(bytes: Uint8Array): unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: unknown[] = [];
  let at = 0;
  while (at < bytes.length) values.push(next());
  return values;

  function next(): unknown {
    const byte = view.getUint8(at++);
    if (byte < 0x80) return byte;
    if (byte < 0x90) return map(byte & 0x0f);
    if (byte < 0xa0) return array(byte & 0x0f);
    if (byte < 0xc0) return string(byte & 0x1f);
    if (byte >= 0xe0) return byte - 0x100;
    const read = formats.get(byte);
    if (read === undefined) throw new Error(`byte ${at - 1}: format 0x${byte.toString(16)} is not for this wire`);
    return read(view, take, { string, array, map, binary });
  }

  function take(length: number): number {
    at += length;
    return at - length;
  }

  function string(length: number): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(binary(length));
  }

  function binary(length: number): Uint8Array {
    const from = take(length);
    if (at > bytes.length) throw new Error('cut short');
    return bytes.slice(from, at);
  }

  function array(length: number): unknown[] {
    return Array.from({ length }, next);
  }

  function map(length: number): object {
    return Object.fromEntries(Array.from({ length }, () => [next(), next()]));
  }
}

type Readers = Record<'string' | 'array' | 'map' | 'binary', (length: number) => unknown>;
type Read = (view: DataView, take: (length: number) => number, readers: Readers) => unknown;

const formats = new Map<number, Read>([
  [0xc0, () => null],
  [0xc2, () => false],
  [0xc3, () => true],
  [0xc4, (view, take, { binary }) => binary(view.getUint8(take(1)))],
  [0xc5, (view, take, { binary }) => binary(view.getUint16(take(2)))],
  [0xc6, (view, take, { binary }) => binary(view.getUint32(take(4)))],
  [0xca, (view, take) => view.getFloat32(take(4))],
  [0xcb, (view, take) => view.getFloat64(take(8))],
  [0xcc, (view, take) => view.getUint8(take(1))],
  [0xcd, (view, take) => view.getUint16(take(2))],
  [0xce, (view, take) => view.getUint32(take(4))],
  [0xcf, (view, take) => Number(view.getBigUint64(take(8)))],
  [0xd0, (view, take) => view.getInt8(take(1))],
  [0xd1, (view, take) => view.getInt16(take(2))],
  [0xd2, (view, take) => view.getInt32(take(4))],
  [0xd3, (view, take) => Number(view.getBigInt64(take(8)))],
  [0xd9, (view, take, { string }) => string(view.getUint8(take(1)))],
  [0xda, (view, take, { string }) => string(view.getUint16(take(2)))],
  [0xdb, (view, take, { string }) => string(view.getUint32(take(4)))],
  [0xdc, (view, take, { array }) => array(view.getUint16(take(2)))],
  [0xdd, (view, take, { array }) => array(view.getUint32(take(4)))],
  [0xde, (view, take, { map }) => map(view.getUint16(take(2)))],
  [0xdf, (view, take, { map }) => map(view.getUint32(take(4)))],
]);
