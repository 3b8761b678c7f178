import { expect, test } from 'vitest';
import { readClientFrame } from '../../src/protocol/client-frame.ts';
import { refusalOf } from '../support/fault-of.ts';

test('what is optional may be missing or null, in both forms', () => {
  expect(readClientFrame([1, 7])).toEqual({ op: 'hello', id: 7, options: {} });
  expect(readClientFrame([1, 7, null])).toEqual({ op: 'hello', id: 7, options: {} });
  expect(readClientFrame({ op: 'hello', id: 7, options: null })).toEqual({ op: 'hello', id: 7, options: {} });
  expect(readClientFrame([1, 7, { sdk: null, token: null, t0: null }])).toEqual({ op: 'hello', id: 7, options: {} });
  const subscriptions = [{ sid: 1, pattern: '>' }];
  const withNull = [{ sid: 1, pattern: '>', snapshot: null }];
  expect(readClientFrame([2, 8, withNull])).toEqual({ op: 'subscribe', id: 8, subscriptions });
  expect(readClientFrame({ op: 'subscribe', id: 8, subscriptions: withNull })).toEqual({
    op: 'subscribe',
    id: 8,
    subscriptions,
  });
  const bare = { op: 'history', id: 9, topic: 'a', query: {} };
  expect(readClientFrame([6, 9, 'a'])).toStrictEqual(bare);
  expect(readClientFrame({ op: 'history', id: 9, topic: 'a', query: null })).toStrictEqual(bare);
});

test('HELLO may say how much the server may send', () => {
  const frame = { op: 'hello', id: 7, options: { maxBytesPerSec: 100 } };
  expect(readClientFrame([1, 7, { maxBytesPerSec: 100 }])).toStrictEqual(frame);
  expect(readClientFrame({ ...frame, options: { maxBytesPerSec: 100, later: 1 } })).toStrictEqual(frame);
  expect(readClientFrame([1, 7, { maxBytesPerSec: null }])).toStrictEqual({ ...frame, options: {} });
});

test('an entry of SUBSCRIBE brings its view and where to begin along', () => {
  const entry = {
    ...{ sid: 1, pattern: 'a.>', snapshot: false, since: { last: 3 } },
    ...{ maxRate: 0.5, fields: ['x'], filter: 'x > 1', delta: true },
  };
  const frame = { op: 'subscribe', id: 1, subscriptions: [entry, { sid: 2, pattern: 'b' }] };
  expect(
    readClientFrame([
      2,
      1,
      [
        { ...entry, later: 1 },
        { sid: 2, pattern: 'b', since: null },
      ],
    ]),
  ).toStrictEqual(frame);
});

test('VERIFY wants a checksum, unless it says otherwise', () => {
  const frame = { op: 'verify', id: 1, sid: 2, topic: 'a', want: 'checksum' };
  expect(readClientFrame([10, 1, 2, 'a'])).toStrictEqual(frame);
  expect(readClientFrame({ op: 'verify', id: 1, sid: 2, topic: 'a', want: null })).toStrictEqual(frame);
  expect(readClientFrame([10, 1, 2, 'a', 'snapshot'])).toStrictEqual({ ...frame, want: 'snapshot' });
});

test('a row may be given a time to live, with and without a key', () => {
  const frame = { op: 'publish', id: 1, topic: 'a', data: 7 };
  expect(readClientFrame([5, 1, 'a', 7, 'row', 1])).toStrictEqual({ ...frame, key: 'row', ttlMs: 1 });
  expect(readClientFrame([5, 1, 'a', 7, null, 86_400_000])).toStrictEqual({ ...frame, ttlMs: 86_400_000 });
  expect(readClientFrame([5, 1, 'a', 7, null, null])).toStrictEqual(frame);
});

test('null is a value that can be published, and a null key is no key', () => {
  const frame = { op: 'publish', id: 1, topic: 'a', data: null };
  expect(readClientFrame([5, 1, 'a', null])).toEqual(frame);
  expect(readClientFrame([5, 1, 'a'])).toStrictEqual(frame);
  expect(readClientFrame([5, 1, 'a', null, null])).toEqual(frame);
  expect(readClientFrame({ op: 'publish', id: 1, topic: 'a', data: null, key: null })).toEqual(frame);
  expect(readClientFrame([5, 1, 'a', null, 'row'])).toEqual({ ...frame, key: 'row' });
});

test('items after the known ones and fields that are not known are passed over', () => {
  expect(readClientFrame([9, 1.5, 'more', {}])).toEqual({ op: 'ping', t0: 1.5 });
  expect(readClientFrame({ op: 'ping', t0: 1, more: true })).toEqual({ op: 'ping', t0: 1 });
});

test.each([
  [[3, 1, []], 'sids must be a list with at least one entry, got []'],
  [[3, 1, [-1]], 'sids[] must be a whole number from 0 to 2^53 - 1, got -1'],
  [[2, 1, [{ sid: 1 }]], 'subscriptions[0].pattern must be a string, got nothing'],
  [
    [2, 1, [{ sid: Number.NaN, pattern: 'a' }]],
    'subscriptions[0].sid must be a whole number from 0 to 2^53 - 1, got NaN',
  ],
  [[2, 1, [[1, 'a']]], 'subscriptions[0] must be a map, got [1,"a"]'],
  [[2, 2 ** 53, []], 'id must be a whole number from 0 to 2^53 - 1, got 9007199254740992'],
  [[1, 1, { token: Uint8Array.of(1, 2) }], 'options.token must be a string, got 2 bytes'],
  [[1, 1, { maxBytesPerSec: 99 }], 'options.maxBytesPerSec must be a whole number from 100 to 2^53 - 1, got 99'],
  [
    [1, 1, { maxBytesPerSec: 1e3 + 0.5 }],
    'options.maxBytesPerSec must be a whole number from 100 to 2^53 - 1, got 1000.5',
  ],
  [[5, 1, 7, 'data'], 'topic must be a string, got 7'],
  [[9, '1'], 't0 must be a finite number, got "1"'],
  [[9, Number.POSITIVE_INFINITY], 't0 must be a finite number, got Infinity'],
  [[5, 1, 'a', 7, null, 0], 'ttlMs must be a whole number from 1 to 86400000, got 0'],
  [[5, 1, 'a', 7, null, 86_400_001], 'ttlMs must be a whole number from 1 to 86400000, got 86400001'],
  [[5, 1, 'a', 7, null, 1.5], 'ttlMs must be a whole number from 1 to 86400000, got 1.5'],
  [[4, 1, 'x', {}], 'sid must be a whole number from 0 to 2^53 - 1, got "x"'],
  [[4, 1, 2], 'change must be a map, got nothing'],
  [[6, 1, 7], 'topic must be a string, got 7'],
  [[6, 1, 'a', 7], 'query must be a map, got 7'],
  [[10, 1], 'sid must be a whole number from 0 to 2^53 - 1, got nothing'],
  [[10, 1, 2], 'topic must be a string, got nothing'],
  [[10, 1, 2, 'a', 'rows'], 'want must be "checksum" or "snapshot", got "rows"'],
  [[2, 1, [Uint8Array.of(1)]], 'subscriptions[0] must be a map, got 1 bytes'],
  [[200], 'op 200 is not known'],
  [['hello', 1], 'op "hello" is not known'],
  [[], 'op nothing is not known'],
  [{ op: 'constructor' }, 'op "constructor" is not known'],
  [{}, 'op nothing is not known'],
  [7, 'a frame must be an array or an object with "op", got 7'],
  [null, 'a frame must be an array or an object with "op", got null'],
])('%j is refused, naming the field and the value', (value, message) => {
  expect(refusalOf(value)).toMatchObject({ reason: 'badRequest', message });
});

test('a refused frame tells the id of its request, when that much could be read', () => {
  expect(requestIdOf([2, 17, 'rubbish'])).toBe(17);
  expect(requestIdOf({ op: 'unsubscribe', id: 18, sids: {} })).toBe(18);
  expect(requestIdOf([2, -1, 'rubbish'])).toBeNull();
  expect(requestIdOf([200, 17])).toBeNull();
});

test('what is shown of a long value is short, and never half a character', () => {
  const long = `${'a'.repeat(57)}${'😀'.repeat(50)}`;
  const message = refusalOf([5, 1, [long]]).message;
  expect(message.length).toBeLessThan(120);
  expect(message).toBe(Buffer.from(message, 'utf8').toString('utf8'));
});

function requestIdOf(value: unknown): number | null {
  return refusalOf(value).requestId;
}
