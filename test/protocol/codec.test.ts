import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeClientFrame,
  decodeServerFrames,
  encodeClientFrame,
  type ServerFrame,
  serverCodec,
  toPositions,
} from '../../src/protocol/index.ts';
import { readPlain } from '../support/plain-msgpack.ts';

const quotes = {
  name: 'market.sim.AAPL.quote',
  schema: {
    id: 3,
    fields: [
      { name: 'bid', type: 'decimal', scale: 2 },
      { name: 'note', type: 'any' },
    ],
  },
} as const;
const msgpack = serverCodec('msgpack', () => quotes);
const json = serverCodec('json', () => quotes);
const bytes = (hex: string) => Buffer.from(hex, 'hex');

test('a top-of-book quote takes 45 bytes at most', () => {
  const values = [18723, 18725, 300, 100, 1767225600125000, 1];
  expect(
    msgpack.encode({ op: 'data', tid: 1234, seq: 1_234_567, ts: 1767225600125000, values }).length,
  ).toBeLessThanOrEqual(45);
});

test('bytes stay what they are while further frames are encoded', () => {
  const first = msgpack.encode({ op: 'heartbeat', t: 1 });
  const copy = Buffer.from(first);
  for (let i = 0; i < 5000; i++) msgpack.encode({ op: 'heartbeat', t: i });
  expect(Buffer.from(first)).toEqual(copy);
});

test('absent positions at the end are left out, and null ones in the middle hold their place', () => {
  expect(Buffer.from(msgpack.encode({ op: 'ok', id: 1, result: null })).toString('hex')).toBe('934101c0');
  expect(Buffer.from(msgpack.encode({ op: 'ok', id: 1, result: undefined })).toString('hex')).toBe('924101');
  expect(
    Buffer.from(encodeClientFrame({ op: 'publish', id: 1, topic: 'a', data: null, key: 'k' })).toString('hex'),
  ).toBe('950501a161c0a16b');
});

test('whatever is in a value, its bytes are those of the standard types in valid UTF-8', () => {
  const anything = fc.anything({ withDate: true, withBigInt: true, withTypedArray: true });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), anything, (text, data) => {
      readPlain(msgpack.encode({ op: 'error', id: 1, code: 100, retryable: true, message: `${text}\ud800` }));
      readPlain(
        msgpack.encode({ op: 'data', tid: 1, seq: 1, ts: 1, values: toPositions(quotes.schema, { note: data }) }),
      );
      readPlain(encodeClientFrame({ op: 'hello', id: 1, options: { sdk: `${text}\ud800` } }));
      readPlain(encodeClientFrame({ op: 'publish', id: 1, topic: text, data }));
    }),
    { numRuns: 2000 },
  );
});

test('undefined in what the server says travels as null, in what a client publishes not at all', () => {
  expect(readPlain(msgpack.encode({ op: 'ok', id: 1, result: { a: undefined } }))).toEqual([[65, 1, { a: null }]]);
  const published = encodeClientFrame({ op: 'publish', id: 1, topic: 'a', data: { x: 1, a: undefined } });
  expect(readPlain(published)).toEqual([[5, 1, 'a', { x: 1 }]]);
});

test('a client is told when its data is nested too deeply', () => {
  const data: unknown = JSON.parse(`${'['.repeat(16)}${']'.repeat(16)}`);
  expect(() => encodeClientFrame({ op: 'publish', id: 1, topic: 'a', data })).toThrow('nested deeper than 16');
});

test('frames of an unknown number are passed over, and so are items that a later version added', () => {
  expect(decodeAll(bytes('92cc8001' + '935101c3' + '9151'))).toEqual([{ op: 'heartbeat', t: 1 }, { op: 'heartbeat' }]);
});

test('a key of null is no key', () => {
  expect(decodeAll(bytes('96480102039107c0'))).toEqual([{ op: 'data', tid: 1, seq: 2, ts: 3, values: [7] }]);
});

test('a message that is broken anywhere is refused before its first frame is seen', () => {
  const seen: ServerFrame[] = [];
  for (const hex of ['9251019251', '92510107', '925101c1', '']) {
    expect(() => decodeServerFrames(bytes(hex), (frame) => seen.push(frame))).toThrow('not a message');
  }
  expect(seen).toEqual([]);
});

test('a reader may decode other messages while it is being told of one', () => {
  const inner: ServerFrame[] = [];
  const outer: ServerFrame[] = [];
  decodeServerFrames(bytes('925101925102'), (frame) => {
    outer.push(frame);
    decodeServerFrames(bytes('925109'), (nested) => inner.push(nested));
    decodeClientFrame(bytes('920905'), 'msgpack');
  });
  expect(outer).toEqual([
    { op: 'heartbeat', t: 1 },
    { op: 'heartbeat', t: 2 },
  ]);
  expect(inner).toEqual([
    { op: 'heartbeat', t: 9 },
    { op: 'heartbeat', t: 9 },
  ]);
});

test('what a reader throws comes out as it was', () => {
  const mine = new Error('mine');
  expect(() =>
    decodeServerFrames(bytes('925101'), () => {
      throw mine;
    }),
  ).toThrow(mine);
});

test('JSON frames name the topic and the fields', () => {
  const frame = { op: 'data', tid: 7, seq: 1, ts: 2, values: [18723, { a: [1] }], key: 'k' } as const;
  expect(JSON.parse(Buffer.from(json.encode(frame)).toString())).toEqual({
    ...{ op: 'data', topic: 'market.sim.AAPL.quote', seq: 1, ts: 2, key: 'k' },
    data: { bid: 187.23, note: { a: [1] } },
  });
});

test.each([
  ['{"op":"ping"', 'not a message: JSON that cannot be read'],
  ['', 'not a message: JSON that cannot be read'],
  ['{"op":"ping","t0":1}x', 'not a message: JSON that cannot be read'],
  [Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'not a message: JSON that cannot be read'],
  ['{"op":"publish","id":1,"topic":"a","data":{"__proto__":1}}', 'not a message: the key "__proto__" is not allowed'],
  ['{"op":"publish","id":1,"topic":"a","data":"\\ud800"}', 'not a message: a string holds half of a surrogate pair'],
  [`"${'a'.repeat(65536)}"`, 'not a message: longer than 65536 bytes'],
])('JSON %.40s is refused', (text, message) => {
  expect(() => decodeClientFrame(Buffer.from(text), 'json')).toThrow(message);
});

function decodeAll(message: Uint8Array): ServerFrame[] {
  const frames: ServerFrame[] = [];
  decodeServerFrames(message, (frame) => frames.push(frame));
  return frames;
}
