/** What an untrusted peer may send, decided in one pass before any decoder sees the bytes. */

import { ProtocolError } from './codes.ts';
import { isWellFormed } from './text.ts';

export const guardLimits = {
  maxBytes: 64 * 1024, // a client's largest honest frame is a PUBLISH; decoding 64 KiB takes well under a millisecond
  maxDepth: 16, // nesting beyond any schema of ours; deeper input only serves stack exhaustion
  maxNodes: 4096, // bounds the memory that one frame may turn into: one byte can become a 64-byte object
  maxKeyBytes: 255,
} as const;

/**
 * Throws ProtocolError unless `bytes` is exactly one MessagePack value of standard types within `guardLimits`:
 * no extension types, no 0xc1, no 32-bit containers, string map keys, valid UTF-8, no trailing bytes.
 * A key may come twice; decoders take the last.
 */
export function guardMessagePack(bytes: Uint8Array): void {
  if (bytes.length > guardLimits.maxBytes) throw fault(`longer than ${guardLimits.maxBytes} bytes`);
  const end = scan(bytes);
  if (end !== bytes.length) throw fault(`${bytes.length - end} bytes after the value`);
}

/** Throws ProtocolError when a value parsed from JSON is what MessagePack would not be let to be: too deep, too large. */
export function guardJson(value: unknown): void {
  let nodes = 0;
  const visit = (node: unknown, depth: number): void => {
    if (++nodes > guardLimits.maxNodes) throw fault(`more than ${guardLimits.maxNodes} values`);
    if (typeof node === 'string') checkText(node);
    if (typeof node !== 'object' || node === null) return;
    if (depth >= guardLimits.maxDepth) throw fault(`nested deeper than ${guardLimits.maxDepth}`);
    if (Array.isArray(node)) {
      for (const child of node) visit(child, depth + 1);
      return;
    }
    for (const [key, child] of Object.entries(node)) {
      nodes++; // a key is a value of its own in MessagePack
      checkJsonKey(key);
      visit(child, depth + 1);
    }
  };
  visit(value, 0);
}

/** JSON's \ud800 has no UTF-8 form, so it could not be passed on. */
function checkText(text: string): void {
  if (!isWellFormed(text)) throw fault('a string holds half of a surrogate pair');
}

function checkJsonKey(key: string): void {
  checkText(key);
  if (isPoisonKey(key)) throw fault(`the key "${key}" is not allowed`);
  const couldBeTooLong = key.length * 3 > guardLimits.maxKeyBytes; // a UTF-16 unit takes at most 3 bytes
  if (couldBeTooLong && utf8Writer.encode(key).length > guardLimits.maxKeyBytes) throw keyTooLong();
}

/** Keys that name parts of every object; no honest payload needs them. */
function isPoisonKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/** Walks one value without recursion and returns the offset behind it. */
function scan(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: { left: number; isMap: boolean }[] = [];
  let at = 0;
  let nodes = 0;
  for (;;) {
    if (++nodes > guardLimits.maxNodes) throw fault(`more than ${guardLimits.maxNodes} values`);
    const parent = open[open.length - 1];
    const isKey = parent?.isMap === true && parent.left % 2 === 0;
    if (at >= bytes.length) throw fault('cut short');
    const type = typeOf(bytes[at] as number);
    const lengthAt = at + 1;
    if (lengthAt + type.lengthBytes > bytes.length) throw fault('cut short');
    const size = type.lengthBytes === 0 ? type.size : readLength(view, lengthAt, type.lengthBytes);
    at = lengthAt + type.lengthBytes;
    if (isKey && type.is !== 'string') throw fault('a map key is not a string');
    if (parent !== undefined) parent.left--;

    if (type.is === 'array' || type.is === 'map') {
      if (open.length >= guardLimits.maxDepth) throw fault(`nested deeper than ${guardLimits.maxDepth}`);
      if (size > 0) open.push({ left: type.is === 'map' ? size * 2 : size, isMap: type.is === 'map' });
    } else {
      if (at + size > bytes.length) throw fault('cut short');
      if (type.is === 'string') checkString(bytes.subarray(at, at + size), isKey);
      at += size;
    }
    while (open.length > 0 && open[open.length - 1]?.left === 0) open.pop();
    if (open.length === 0) return at;
  }
}

type Type = { is: 'scalar' | 'string' | 'array' | 'map'; size: number; lengthBytes: 0 | 1 | 2 | 4 };

/** The MessagePack types by first byte, https://github.com/msgpack/msgpack/blob/master/spec.md; undefined = refused. */
const types: readonly (Type | undefined)[] = Array.from({ length: 256 }, (_, byte): Type | undefined => {
  const fixed = (is: Type['is'], size: number): Type => ({ is, size, lengthBytes: 0 });
  const sized = (is: Type['is'], lengthBytes: 1 | 2 | 4): Type => ({ is, size: 0, lengthBytes });
  if (byte < 0x80 || byte >= 0xe0) return fixed('scalar', 0);
  if (byte < 0x90) return fixed('map', byte & 0x0f);
  if (byte < 0xa0) return fixed('array', byte & 0x0f);
  if (byte < 0xc0) return fixed('string', byte & 0x1f);
  switch (byte) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return fixed('scalar', 0);
    case 0xc4:
      return sized('scalar', 1);
    case 0xc5:
      return sized('scalar', 2);
    case 0xc6:
      return sized('scalar', 4);
    case 0xcc:
    case 0xd0:
      return fixed('scalar', 1);
    case 0xcd:
    case 0xd1:
      return fixed('scalar', 2);
    case 0xca:
    case 0xce:
    case 0xd2:
      return fixed('scalar', 4);
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return fixed('scalar', 8);
    case 0xd9:
      return sized('string', 1);
    case 0xda:
      return sized('string', 2);
    case 0xdb:
      return sized('string', 4);
    case 0xdc:
      return sized('array', 2);
    case 0xde:
      return sized('map', 2);
    default:
      return undefined; // c1 reserved, c7-c9 and d4-d8 extensions, dd and df containers longer than maxNodes
  }
});

function typeOf(byte: number): Type {
  const type = types[byte];
  if (type === undefined) throw fault(`type 0x${byte.toString(16).padStart(2, '0')} is not allowed`);
  return type;
}

function readLength(view: DataView, at: number, bytes: 1 | 2 | 4): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Writer = new TextEncoder();

function checkString(bytes: Uint8Array, isKey: boolean): void {
  if (isKey && bytes.length > guardLimits.maxKeyBytes) throw keyTooLong();
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new ProtocolError('badRequest', 'not a message: a string is not valid UTF-8', { cause });
  }
  if (isKey && isPoisonKey(text)) throw fault(`the key "${text}" is not allowed`);
}

function keyTooLong(): ProtocolError {
  return fault(`a map key is longer than ${guardLimits.maxKeyBytes} bytes`);
}

function fault(what: string): ProtocolError {
  return new ProtocolError('badRequest', `not a message: ${what}`);
}
