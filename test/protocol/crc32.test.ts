import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../src/protocol/crc32.ts';

test.each([
  ['', 0],
  ['a', 0xe8b7be43],
  ['123456789', 0xcbf43926], // the check value of the CRC catalogues
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('the CRC-32 of %j is the one that is published for it', (text, crc) => {
  expect(crc32(Buffer.from(text))).toBe(crc);
});

test('it is that of zlib for any bytes, in one piece or in two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
    }),
  );
});
