import { expect, test } from 'vitest';
import { decodeClientFrame } from '../../src/protocol/codec.ts';
import { readSince } from '../../src/protocol/since.ts';
import { refusalOf } from '../support/fault-of.ts';

test('since is a count, a time or positions', () => {
  for (const since of [{ last: 1 }, { last: 1000 }, { ts: 0 }, { ts: 1767225600000000 }]) {
    expect(readSince(since, 'since')).toStrictEqual(since);
  }
  const positions = { 'a.b': ['Wm1f9xQe', 4], 'a.c': ['x0TnV5cy', 0] };
  expect(readSince({ positions }, 'since')).toEqual({ positions });
  expect(readSince({ positions: {}, last: null, ts: null }, 'since')).toEqual({ positions: {} });
});

test('a position of a later version may say more', () => {
  expect(readSince({ positions: { a: ['e', 4, 'more'] } }, 'since')).toEqual({ positions: { a: ['e', 4] } });
});

test('positions know the topics that were listed, whatever else objects know', () => {
  const frame = decodeClientFrame(
    Buffer.from('{"op":"subscribe","id":1,"subscriptions":[{"sid":1,"pattern":">","since":{"positions":{}}}]}'),
    'json',
  );
  if (frame.op !== 'subscribe') throw new Error(frame.op);
  const since = frame.subscriptions[0]?.since;
  expect(since).toEqual({ positions: {} });
  expect(since !== undefined && 'positions' in since && since.positions.toString).toBeUndefined();
});

test.each([
  [7, 'since must be a map, got 7'],
  [[], 'since must be a map, got []'],
  [{}, 'since must be a map with exactly one of last, ts and positions, got {}'],
  [{ last: null }, 'since must be a map with exactly one of last, ts and positions, got {"last":null}'],
  [{ last: 1, ts: 1 }, 'since must be a map with exactly one of last, ts and positions, got {"last":1,"ts":1}'],
  [
    { ts: 1, positions: {} },
    'since must be a map with exactly one of last, ts and positions, got {"ts":1,"positions":{}}',
  ],
  [{ last: 0 }, 'since.last must be a whole number from 1 to 1000, got 0'],
  [{ last: 1001 }, 'since.last must be a whole number from 1 to 1000, got 1001'],
  [{ last: 1.5 }, 'since.last must be a whole number from 1 to 1000, got 1.5'],
  [{ ts: -1 }, 'since.ts must be a whole number from 0 to 2^53 - 1, got -1'],
  [{ ts: '2026' }, 'since.ts must be a whole number from 0 to 2^53 - 1, got "2026"'],
  [{ positions: [] }, 'since.positions must be a map, got []'],
  [{ positions: Uint8Array.of(1) }, 'since.positions must be a map, got 1 bytes'],
  [{ positions: { a: 4 } }, 'since.positions["a"] must be [epoch, seq], a string and a whole number, got 4'],
  [{ positions: { a: ['e'] } }, 'since.positions["a"] must be [epoch, seq], a string and a whole number, got ["e"]'],
  [{ positions: { a: [1, 4] } }, 'since.positions["a"] must be [epoch, seq], a string and a whole number, got [1,4]'],
  [
    { positions: { a: ['e', -4] } },
    'since.positions["a"] must be [epoch, seq], a string and a whole number, got ["e",-4]',
  ],
  [
    { positions: { a: { 0: 'e' } } },
    'since.positions["a"] must be [epoch, seq], a string and a whole number, got {"0":"e"}',
  ],
])('%j is refused, naming the field and the value', (since, complaint) => {
  expect(refusalOf([2, 1, [{ sid: 1, pattern: 'a', since }]])).toMatchObject({
    ...{ reason: 'badRequest', requestId: 1 },
    message: `subscriptions[0].${complaint}`,
  });
});
