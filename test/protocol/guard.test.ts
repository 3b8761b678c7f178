import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeClientFrame,
  encodeClientFrame,
  guardJson,
  guardLimits,
  guardMessagePack,
  ProtocolError,
} from '../../src/protocol/index.ts';
import { toPlain } from '../../src/protocol/plain.ts';
import { anyClientFrame, withoutNegativeZero } from '../support/any-frames.ts';
import { faultOf } from '../support/fault-of.ts';
import { readPlain } from '../support/plain-msgpack.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** `data` of a PUBLISH, at depth 1. */
const publishing = (data: Uint8Array) => Buffer.concat([bytes('94 05 01 a1 61'), data]);
const nested = (opening: string, depth: number) => Buffer.concat([...Array(depth).fill(bytes(opening)), bytes('c0')]);

type Edit = { at: number; byte: number; what: 'set' | 'insert' | 'delete' | 'cut' };
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0xc1, 0xc7, 0xd4, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xc6, 0xff)),
    what: fc.constantFrom<Edit['what']>('set', 'insert', 'delete', 'cut'),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What the guard let through must be safe for every reader behind it. Plain comparisons: this runs often. */
function holdsThePromise(input: Uint8Array): void {
  const refusal = faultOf(() => guardMessagePack(input));
  if (refusal !== undefined) {
    assert(refusal.message.startsWith('not a message: '), refusal.message);
    assert.equal(faultOf(() => decodeClientFrame(input, 'msgpack'))?.message, refusal.message);
    return;
  }
  assert.equal(readPlain(input).length, 1);
  // Readable, yet maybe no frame of ours: then it is the frame's reader that says so, and not the decoder.
  const complaint = faultOf(() => decodeClientFrame(input, 'msgpack'));
  if (complaint !== undefined) {
    assert(!complaint.message.startsWith('not a message'), complaint.message);
    return;
  }
  const frame = decodeClientFrame(input, 'msgpack');
  const again = Uint8Array.from(encodeClientFrame(frame));
  guardMessagePack(again);
  assert.deepEqual(toPlain(decodeClientFrame(again, 'msgpack')), toPlain(frame));
}

test('any bytes at all are refused with a reason, or decode the same everywhere and encode again', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), holdsThePromise), { numRuns: 15_000 });
});

test('any value in a PUBLISH is refused with a reason, or decodes the same everywhere and encodes again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (data) =>
      holdsThePromise(Uint8Array.from(publishing(data))),
    ),
    { numRuns: 15_000 },
  );
});

test('an honest frame with a few bytes changed is refused, or decodes the same everywhere and encodes again', () => {
  fc.assert(
    fc.property(anyClientFrame, edits, (frame, changes) => {
      let input = Buffer.from(encodeClientFrame(frame));
      for (const edit of changes) input = change(input, edit);
      holdsThePromise(Uint8Array.from(input));
    }),
    { numRuns: 15_000 },
  );
});

test('every honest frame passes, and comes back as it was', () => {
  fc.assert(
    fc.property(anyClientFrame, (frame) => {
      expect(decodeClientFrame(encodeClientFrame(frame), 'msgpack')).toEqual(frame);
    }),
    { numRuns: 2000 },
  );
});

test('every first byte is either refused or a standard type', () => {
  for (let first = 0; first < 256; first++) {
    const input = Buffer.concat([Buffer.of(first), Buffer.alloc(600, 0)]);
    // Fitted to the length that the guard wants, so that nothing but the type decides.
    const fits = Array.from({ length: 600 }, (_, n) => input.subarray(0, n + 1)).some((candidate) => passes(candidate));
    const isForbidden = [0xc1, 0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xdd, 0xdf].includes(first);
    const needsKey = first > 0x80 && first < 0x90; // a 0 is no key
    expect([first, fits]).toEqual([first, !isForbidden && !needsKey]);
  }
});

test.each([
  ['nothing', '', 'cut short'],
  ['c1', 'c1', 'type 0xc1 is not allowed'],
  ['ext 8', 'c7 01 00 00', 'type 0xc7 is not allowed'],
  ['ext 16', 'c8 00 01 00 00', 'type 0xc8 is not allowed'],
  ['ext 32', 'c9 ff ff ff ff 00', 'type 0xc9 is not allowed'],
  ['fixext 1, a record definition', 'd4 72 40', 'type 0xd4 is not allowed'],
  ['fixext 4, a time', 'd6 ff 00 00 00 00', 'type 0xd6 is not allowed'],
  ['fixext 16', `d8 00 ${'00'.repeat(16)}`, 'type 0xd8 is not allowed'],
  ['an ext deep inside', '91 91 81 a1 61 d4 65 00', 'type 0xd4 is not allowed'],
  ['array 32', 'dd ff ff ff ff', 'type 0xdd is not allowed'],
  ['map 32', 'df ff ff ff ff', 'type 0xdf is not allowed'],
  ['array 16 of 65535', 'dc ff ff', 'cut short'],
  ['map 16 of 65535', 'de ff ff', 'cut short'],
  ['str 32 of 4 GiB', 'db ff ff ff ff 61', 'cut short'],
  ['bin 32 of 4 GiB', 'c6 ff ff ff ff 00', 'cut short'],
  ['a length that is cut', 'db ff ff', 'cut short'],
  ['a float that is cut', 'cb 00 00', 'cut short'],
  ['a string that lacks one byte', 'a2 61', 'cut short'],
  ['two values', '90 90', '1 bytes after the value'],
  ['a number as key', '81 01 02', 'a map key is not a string'],
  ['nil as key', '81 c0 02', 'a map key is not a string'],
  ['an array as key', '81 90 02', 'a map key is not a string'],
  ['bytes as key', '81 c4 01 61 02', 'a map key is not a string'],
  ['a second key that is none', '82 a1 61 02 03 04', 'a map key is not a string'],
  ['a key after a nested map that is none', '82 a1 61 81 a1 62 01 03 04', 'a map key is not a string'],
  ['the key __proto__', '81 a9 5f5f70726f746f5f5f 01', 'the key "__proto__" is not allowed'],
  ['the key __proto__ as str 8', '81 d9 09 5f5f70726f746f5f5f 01', 'the key "__proto__" is not allowed'],
  ['the key __proto__ as str 32', '81 db 00000009 5f5f70726f746f5f5f 01', 'the key "__proto__" is not allowed'],
  ['the key constructor', '81 ab 636f6e7374727563746f72 01', 'the key "constructor" is not allowed'],
  ['the key prototype', '81 a9 70726f746f74797065 01', 'the key "prototype" is not allowed'],
  ['a key of 256 bytes', `81 da 0100 ${'61'.repeat(256)} 01`, 'a map key is longer than 255 bytes'],
  ['an overlong NUL', 'a2 c0 80', 'a string is not valid UTF-8'],
  ['half a surrogate pair', 'a3 ed a0 80', 'a string is not valid UTF-8'],
  ['a character beyond Unicode', 'a4 f4 90 80 80', 'a string is not valid UTF-8'],
  ['a character that is cut', 'a1 c3', 'a string is not valid UTF-8'],
])('%s is refused', (_, hex, reason) => {
  expect(() => guardMessagePack(bytes(hex))).toThrow(new ProtocolError('badRequest', `not a message: ${reason}`));
});

test('the limits are as deep, as many and as long as they say, and not one more', () => {
  const { maxBytes, maxDepth, maxNodes } = guardLimits;
  for (const [opening, tooDeep] of [
    ['91', '90'],
    ['81 a1 61', '80'],
  ] as const) {
    guardMessagePack(nested(opening, maxDepth));
    expect(() => guardMessagePack(nested(opening, maxDepth + 1))).toThrow('nested deeper than 16');
    expect(() => guardMessagePack(Buffer.concat([...Array(maxDepth).fill(bytes(opening)), bytes(tooDeep)]))).toThrow(
      'deeper',
    );
  }
  const list = (items: number) => Buffer.concat([Buffer.of(0xdc, items >> 8, items & 255), Buffer.alloc(items)]);
  guardMessagePack(list(maxNodes - 1));
  expect(() => guardMessagePack(list(maxNodes))).toThrow('more than 4096 values');
  const blob = (length: number) =>
    Buffer.concat([Buffer.of(0xc6, 0, length >> 16, (length >> 8) & 255, length & 255), Buffer.alloc(length)]);
  guardMessagePack(blob(maxBytes - 5));
  expect(() => guardMessagePack(blob(maxBytes - 4))).toThrow('longer than 65536 bytes');
});

test('a bomb of any depth is refused without a deep stack', () => {
  for (const opening of ['91', '81 a1 61', '92 c0']) {
    const bomb = Buffer.concat(Array(15_000).fill(bytes(opening))).subarray(0, guardLimits.maxBytes);
    expect(() => guardMessagePack(bomb)).toThrow('nested deeper than 16');
  }
});

test('the bytes are those of the view, not of the buffer that it looks at', () => {
  const inside = Buffer.concat([bytes('c1 c1 c1'), bytes('92 09 05'), bytes('c1 c1')]).subarray(3, 6);
  expect(decodeClientFrame(inside, 'msgpack')).toEqual({ op: 'ping', t0: 5 });
});

test('a key that comes twice counts as its last, and every string of Unicode is let through as it is', () => {
  expect(decodeClientFrame(publishing(bytes('82 a1 61 01 a1 61 02')), 'msgpack')).toMatchObject({ data: { a: 2 } });
  expect(decodeClientFrame(publishing(bytes('a4 ef bb bf 61')), 'msgpack')).toMatchObject({ data: '\ufeffa' });
  guardMessagePack(bytes('81 ac efbbbf 5f5f70726f746f5f5f 01')); // U+FEFF before a name makes it another name
});

test('bytes of a client are copied, since the transport takes its buffer back', () => {
  const input = Uint8Array.from(publishing(bytes('c4 02 01 02')));
  const frame = decodeClientFrame(input, 'msgpack');
  input.fill(0);
  expect(frame).toMatchObject({ op: 'publish', data: Uint8Array.of(1, 2) });
});

test('JSON is held to the same limits', () => {
  const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  guardJson(deep(16));
  expect(() => guardJson(deep(17))).toThrow('nested deeper than 16');
  guardJson(Array(4095).fill(0));
  expect(() => guardJson(Array(4096).fill(0))).toThrow('more than 4096 values');
  expect(() => guardJson(Object.fromEntries(Array.from({ length: 2048 }, (_, i) => [`k${i}`, 0])))).toThrow(
    'more than 4096',
  );
  guardJson({ ['k'.repeat(255)]: 1 });
  expect(() => guardJson({ ['é'.repeat(128)]: 1 })).toThrow('a map key is longer than 255 bytes');
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    expect(() => guardJson(JSON.parse(`[{"${key}":1}]`))).toThrow(`the key "${key}" is not allowed`);
  }
  expect(() => guardJson(['a\udc00'])).toThrow('half of a surrogate pair');
});

test('JSON that passes can be passed on as MessagePack', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const data = withoutNegativeZero(value);
      if (!passesJson(data)) return;
      const frame = { op: 'publish', id: 1, topic: 'a', data } as const;
      expect(decodeClientFrame(encodeClientFrame(frame), 'msgpack')).toEqual(frame);
    }),
    { numRuns: 2000 },
  );
});

function change(input: Buffer, { at, byte, what }: Edit): Buffer<ArrayBuffer> {
  const where = at % (input.length + 1);
  const skip = what === 'set' || what === 'delete' ? 1 : 0;
  const added = what === 'set' || what === 'insert' ? [byte] : [];
  const rest = what === 'cut' ? Buffer.alloc(0) : input.subarray(where + skip);
  return Buffer.concat([input.subarray(0, where), Buffer.from(added), rest]);
}

function passes(input: Uint8Array): boolean {
  return faultOf(() => guardMessagePack(input)) === undefined;
}

function passesJson(value: unknown): boolean {
  return faultOf(() => guardJson(value)) === undefined;
}
