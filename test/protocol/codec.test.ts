import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clientFrames,
  decodeClientFrame,
  decodeServerFrames,
  encodeClientFrame,
  type ServerFrame,
  serverCodec,
  serverFrames,
  toPositions,
} from '../../src/protocol/index.ts';
import { anyClientFrame, anyServerFrame } from '../support/any-frames.ts';
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

test('every frame of a server comes back as it was, whatever is left out of it', () => {
  fc.assert(
    fc.property(anyServerFrame, (frame) => {
      const message = msgpack.encode(frame);
      readPlain(message);
      expect(decodeAll(message)).toEqual([frame]);
    }),
    { numRuns: 4000 },
  );
});

test('no sort of frame is left out of what is tried', () => {
  const sorts = (frames: { op: string }[]) => [...new Set(frames.map(({ op }) => op))].sort();
  expect(sorts(fc.sample(anyServerFrame, 2000))).toEqual(Object.keys(serverFrames).sort());
  expect(sorts(fc.sample(anyClientFrame, 1000))).toEqual(Object.keys(clientFrames).sort());
});

test('null where something is optional reads as absent, and false stays false', () => {
  const topic = { op: 'topic', tid: -1, name: 'a', epoch: 'e', schema: 1, kind: 'latest' } as const;
  expect(hexOf({ ...topic, stream: 12 })).toBe('9843ffa161a16501a66c6174657374c00c');
  expect(decodeAll(bytes('9843ffa161a16501a66c6174657374c00c'))).toStrictEqual([{ ...topic, stream: 12 }]);
  expect(hexOf(topic)).toBe('9643ffa161a16501a66c6174657374');

  const snapshot = { op: 'snapshot', tid: 1, seq: 2, ts: 3, last: true, rows: [] } as const;
  expect(hexOf({ ...snapshot, recovered: false, code: 116 })).toBe('9847010203c390c274');
  expect(hexOf({ ...snapshot, recovered: false })).toBe('9747010203c390c2');
  expect(decodeAll(bytes('9747010203c390c2'))).toStrictEqual([{ ...snapshot, recovered: false }]);
  expect(decodeAll(bytes('9847010203c390c0c0'))).toStrictEqual([snapshot]);
  expect(decodeAll(bytes('9442c068c2'))).toStrictEqual([{ op: 'error', id: null, code: 104, retryable: false }]);
});

test('PATCH is as short as it can be, with and without a key', () => {
  const patch = { op: 'patch', tid: -2, seq: 43, ts: 5, base: 42, changes: [0, 18724, 3, null] } as const;
  expect(hexOf(patch)).toBe('9649fe2b052a9400cd492403c0');
  expect(hexOf({ ...patch, key: 'ada\ud800' })).toBe('9749fe2b052a9400cd492403c0a6616461efbfbd');
  expect(decodeAll(bytes('9649fe2b052a9400cd492403c0'))).toStrictEqual([patch]);
  expect(decodeAll(bytes('9749fe2b052a9400cd492403c0c0'))).toStrictEqual([patch]);
  expect(decodeAll(bytes('9849fe2b052a9400cd492403c0a16b01'))).toStrictEqual([{ ...patch, key: 'k' }]);
});

test.each<[ServerFrame, object]>([
  [
    { op: 'data', tid: 7, seq: 1, ts: 2, values: [18723, 1] },
    { op: 'data', seq: 1, ts: 2, data: { bid: 187.23, note: 1 } },
  ],
  [
    { op: 'patch', tid: 7, seq: 2, ts: 2, base: 1, changes: [0, 18724], key: 'k' },
    { op: 'patch', seq: 2, ts: 2, base: 1, key: 'k', data: { bid: 187.24 } },
  ],
  [
    { op: 'remove', tid: 7, seq: 1, ts: 2, key: 'k' },
    { op: 'remove', seq: 1, ts: 2, key: 'k' },
  ],
  [
    { op: 'snapshot', tid: 7, seq: 1, ts: 2, last: true, rows: [[[1, 2], 'k']], recovered: false, code: 116 },
    {
      ...{ op: 'snapshot', seq: 1, ts: 2, last: true, recovered: false, code: 116 },
      rows: [{ key: 'k', data: { bid: 0.01, note: 2 } }],
    },
  ],
  [
    { op: 'mark', tid: 7, from: 1, to: 3, count: 2, reason: 'rate', ageMs: 9 },
    { op: 'mark', from: 1, to: 3, count: 2, reason: 'rate', ageMs: 9 },
  ],
  [
    { op: 'gap', tid: 7, from: 1, to: 3, reason: 'history' },
    { op: 'gap', from: 1, to: 3, reason: 'history' },
  ],
  [
    { op: 'state', tid: 7, state: 'stale', since: 5 },
    { op: 'state', state: 'stale', since: 5 },
  ],
  [
    { op: 'checksum', id: 1, sid: 2, tid: 7, seq: 3, crc: 4, rows: 5 },
    { op: 'checksum', id: 1, sid: 2, seq: 3, crc: 4, rows: 5 },
  ],
])('in JSON $op names its topic, and the stream where it is not the plain one', (frame, written) => {
  const textIn = (stream?: number) => {
    const codec = serverCodec('json', () => (stream === undefined ? quotes : { ...quotes, stream }));
    return JSON.parse(Buffer.from(codec.encode(frame)).toString());
  };
  expect(textIn()).toStrictEqual({ ...written, topic: quotes.name });
  expect(textIn(0)).toStrictEqual({ ...written, topic: quotes.name });
  expect(textIn(12)).toStrictEqual({ ...written, topic: quotes.name, stream: 12 });
});

test('in JSON TOPIC has the stream where it is not the plain one', () => {
  const frame = { op: 'topic', tid: -1, name: 'a', epoch: 'e', schema: 1, kind: 'event', stream: 12 } as const;
  const { name, ...rest } = frame;
  expect(JSON.parse(Buffer.from(json.encode(frame)).toString())).toStrictEqual({ ...rest, topic: name });
  expect(Buffer.from(json.encode({ ...frame, stream: 0 })).toString()).not.toContain('stream');
});

test('a server-sent event is named for its frame, and holds it in one line of JSON', () => {
  const sse = serverCodec('sse', () => quotes);
  expect(sse).toMatchObject({ encoding: 'sse', isBinary: false });
  expect(Buffer.from(sse.encode({ op: 'data', tid: 7, seq: 1, ts: 2, values: [18723, 'a\n\nb'] })).toString()).toBe(
    'event: data\ndata: {"op":"data","topic":"market.sim.AAPL.quote","seq":1,"ts":2,' +
      '"data":{"bid":187.23,"note":"a\\n\\nb"}}\n\n',
  );
});

test('whatever is said, text encodings write one line of JSON for it', () => {
  const textual = fc.constantFrom('json' as const, 'json-batch' as const, 'sse' as const);
  fc.assert(
    fc.property(anyServerFrame, textual, (frame, encoding) => {
      const written = Buffer.from(serverCodec(encoding, () => quotes).encode(frame)).toString();
      const [, event, data = written] = /^event: (\w+)\ndata: ([^\r\n]*)\n\n$/.exec(written) ?? [];
      expect(event).toBe(encoding === 'sse' ? frame.op : undefined);
      expect(JSON.parse(data)).toMatchObject({ op: frame.op });
      expect(data).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 1000 },
  );
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

function hexOf(frame: ServerFrame): string {
  return Buffer.from(msgpack.encode(frame)).toString('hex');
}

function decodeAll(message: Uint8Array): ServerFrame[] {
  const frames: ServerFrame[] = [];
  decodeServerFrames(message, (frame) => frames.push(frame));
  return frames;
}
