import { expect, test } from 'vitest';
import { framesOf, hexDump } from '../../src/dashboard/views/topics/wire-tap.ts';

const text = new TextEncoder().encode('Tickwire says héllo');

test('bytes are told sixteen a line, as numbers and as letters', () => {
  expect(hexDump(text, text.length)).toBe(
    [
      '0000  54 69 63 6b 77 69 72 65 20 73 61 79 73 20 68 c3  Tickwire says h·',
      '0010  a9 6c 6c 6f                                      ·llo',
    ].join('\n'),
  );
});

test('of a long message the beginning is told, and how much more there is', () => {
  const dump = hexDump(new Uint8Array(5000), 70_000);
  expect(dump.split('\n')).toHaveLength(129);
  expect(dump).toMatch(/… 67952 more$/);
});

test('what can not be read is said to be so', () => {
  const message = { id: 1, at: 0, ops: '' };
  expect(framesOf({ ...message, bytes: new Uint8Array([0xc1]), size: 1 })).toBe('not readable');
  expect(framesOf({ ...message, bytes: new Uint8Array(10), size: 11 })).toMatch(/too long/);
});
