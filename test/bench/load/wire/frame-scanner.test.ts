import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameScanner } from '../../../../bench/load/wire/frame-scanner.ts';
import { stampedText } from '../../../../bench/support/stamp.ts';
import { type ServerFrame, serverCodec } from '../../../../src/protocol/index.ts';
import { anyServerFrame } from '../../../support/any-frames.ts';
import { expected, scanned } from './scanned.ts';

const codec = serverCodec('msgpack', () => {
  throw new Error('MessagePack names no topics');
});
const origins = ['stamp', 'event'] as const;

test.each(origins)('whatever the server writes is told as it is decoded, times from the %s', (from) => {
  const scanner = new FrameScanner(from);
  fc.assert(
    fc.property(fc.array(fc.oneof(anyServerFrame, stampedFrame), { maxLength: 8 }), (frames) => {
      expect(scanned(scanner, Buffer.concat(frames.map(bytesOf)))).toEqual(expected(frames, from));
    }),
  );
});

test('a message that is cut anywhere but between frames is refused', () => {
  const scanner = new FrameScanner('stamp');
  fc.assert(
    fc.property(fc.array(anyServerFrame, { minLength: 1, maxLength: 4 }), fc.nat(), (frames, place) => {
      const pieces = frames.map(bytesOf);
      const message = Buffer.concat(pieces);
      const end = place % message.length;
      const ends = pieces.map((_, i) => Buffer.concat(pieces.slice(0, i)).length);
      const whole = ends.indexOf(end);
      const cut = message.subarray(0, end);

      if (whole < 0) expect(() => scanned(scanner, cut)).toThrow(RangeError);
      else expect(scanned(scanner, cut)).toEqual(expected(frames.slice(0, whole), 'stamp'));
    }),
  );
});

test.each([
  ['DATA', '9548072acb43191d211888a12095cd4923cd4925ccc86401', [['published', 7, 42, 1767225600125000]]],
  ['PATCH', '9649ff2ccb43191d2118a725a02b9200cd4924', [['published', -1, 44, 1767225600625000]]],
  ['REMOVE', '954a0804cb43191d2118aec6c0a3626f62', [['published', 8, 4, 1767225600750000]]],
  ['MARK', '974b072ccd0413cd03e8a4736c6f77cd762a', [['skipped', 7, 44, 1043]]],
  ['GAP', '954c0a65cc8ca7686973746f7279', [['missed', 10, 101, 140]]],
  ['SNAPSHOT', '98470a64cb43191d2118be0900c390c274', [['positioned', 10, 100, false]]],
  ['SNAPSHOT, not its last part', '96470700cb43191d2118be0900c290', []],
  ['a time in 64 bits', '95480701cf00064748462040009101', [['published', 7, 1, 1767225600000000]]],
  ['a tid in 16 bits, below 0', '9548d1ff3801cf00064748462040009101', [['published', -200, 1, 1767225600000000]]],
  ['HEARTBEAT and a frame that nobody knows', '9251cb43191d211ae35a0092637f', []],
])('%s is read from its bytes', (_, hex, told) => {
  expect(scanned(new FrameScanner('event'), Buffer.from(hex, 'hex'))).toEqual(told);
});

test.each([
  'c0', // nil
  'ca00000000',
  'cb0000000000000000',
  'cf0000000000000001',
  'd2fffffffe',
  'd3fffffffffffffffe',
  'd90161',
  'da000161',
  'db0000000161',
  'c403616263',
  'c50003616263',
  'c600000003616263',
  'd40161',
  'd8010102030405060708090a0b0c0d0e0f10',
  'c7020161ff',
  'c800020161ff',
  'c9000000020161ff',
  'dc00020190',
  'dd000000020190',
  '82a16193c0c2c3a16290',
  'de0001a16193010203',
  'df00000001a16193010203',
])('what nobody asks for is passed over to its end: %s', (hex) => {
  const message = Buffer.from(`964801020090${hex}954c010305a0`, 'hex');
  expect(scanned(new FrameScanner('stamp'), message)).toEqual([
    ['published', 1, 2, 0],
    ['missed', 1, 3, 5],
  ]);
});

test.each([
  ['d0fe', -2],
  ['d1fffe', -2],
  ['d2fffffffe', -2],
  ['d3fffffffffffffffe', -2],
  ['cf0000000100000001', 4_294_967_297],
  ['ca3f800000', 1],
])('a number may be written as %s', (hex, number) => {
  const message = Buffer.from(`954c01${hex}05a0`, 'hex');
  expect(scanned(new FrameScanner('stamp'), message)).toEqual([['missed', 1, number, 5]]);
});

test('the stamp is that of the first text, and its time is in microseconds', () => {
  const frame: ServerFrame = { op: 'data', tid: 3, seq: 1, ts: 5, values: [stampedText(20)(123_456), 'x'] };
  expect(scanned(new FrameScanner('stamp'), bytesOf(frame))).toEqual([['published', 3, 1, 123_456]]);
});

test.each([
  ['a number', '07'],
  ['an empty array', '90'],
  ['a frame whose values are no array', '954807010000'],
  ['a frame whose seq is a text', '954807a131cb43191d211888a12090'],
])('%s is no message', (_, hex) => {
  expect(() => scanned(new FrameScanner('stamp'), Buffer.from(hex, 'hex'))).toThrow(RangeError);
});

const stampedFrame: fc.Arbitrary<ServerFrame> = fc
  .record({ seq: fc.nat(), due: fc.nat(), bytes: fc.constantFrom(16, 17, 40, 300), isPatch: fc.boolean() })
  .map(({ seq, due, bytes, isPatch }) => {
    const text = stampedText(bytes)(due);
    const { tid, ts } = { tid: 9, ts: 1_767_225_600_000_000 };
    if (isPatch) return { op: 'patch', tid, seq, ts, base: 0, changes: [0, text] };
    return { op: 'data', tid, seq, ts, values: [text, seq] };
  });

/** A copy: the codec uses its buffer again. */
function bytesOf(frame: ServerFrame): Buffer {
  return Buffer.from(codec.encode(frame));
}
