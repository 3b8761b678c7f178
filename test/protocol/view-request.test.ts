import { expect, test } from 'vitest';
import { readClientFrame } from '../../src/protocol/client-frame.ts';
import { readChange, readViewRequest } from '../../src/protocol/view-request.ts';
import { refusalOf } from '../support/fault-of.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `f${i}`);

test('every wish is read on its own, and what is null or absent is none', () => {
  expect(readViewRequest({ sid: 1, pattern: 'a' }, 'it')).toStrictEqual({});
  expect(readViewRequest({ maxRate: null, fields: null, filter: null, delta: null }, 'it')).toStrictEqual({});
  for (const wish of [{ maxRate: 2 }, { fields: ['a', 'b'] }, { filter: 'a > 1' }, { delta: false }]) {
    expect(readViewRequest(wish, 'it')).toStrictEqual(wish);
  }
});

test('a wish may go as far as its limits', () => {
  for (const maxRate of [0.01, 1000]) expect(readViewRequest({ maxRate }, 'it')).toEqual({ maxRate });
  expect(readViewRequest({ fields: names(256) }, 'it').fields).toHaveLength(256);
  expect(readViewRequest({ fields: ['f'.repeat(255)] }, 'it').fields).toEqual(['f'.repeat(255)]);
  expect(readViewRequest({ filter: 'x'.repeat(1000) }, 'it').filter).toHaveLength(1000);
});

test.each([
  [{ maxRate: 0 }, 'maxRate must be a number of updates per second from 0.01 to 1000, got 0'],
  [{ maxRate: -1 }, 'maxRate must be a number of updates per second from 0.01 to 1000, got -1'],
  [{ maxRate: 0.009 }, 'maxRate must be a number of updates per second from 0.01 to 1000, got 0.009'],
  [{ maxRate: 1000.1 }, 'maxRate must be a number of updates per second from 0.01 to 1000, got 1000.1'],
  [{ maxRate: 1e300 }, 'maxRate must be a number of updates per second from 0.01 to 1000, got 1e+300'],
  [{ maxRate: Number.NaN }, 'maxRate must be a number of updates per second from 0.01 to 1000, got NaN'],
  [{ maxRate: Infinity }, 'maxRate must be a number of updates per second from 0.01 to 1000, got Infinity'],
  [{ maxRate: '2' }, 'maxRate must be a number of updates per second from 0.01 to 1000, got "2"'],
  [{ fields: [] }, 'fields must be a list with at least one entry, got []'],
  [{ fields: 'bid' }, 'fields must be a list with at least one entry, got "bid"'],
  [{ fields: {} }, 'fields must be a list with at least one entry, got {}'],
  [{ fields: ['bid', 7] }, 'fields[1] must be a string of 1 to 255 characters, got 7'],
  [{ fields: [''] }, 'fields[0] must be a string of 1 to 255 characters, got ""'],
  [{ fields: ['bid', 'ask', 'bid'] }, 'fields[2] must be another name than those before it, got "bid"'],
  [{ filter: '' }, 'filter must be a string of 1 to 1000 characters, got ""'],
  [{ filter: 7 }, 'filter must be a string of 1 to 1000 characters, got 7'],
  [{ filter: ['a > 1'] }, 'filter must be a string of 1 to 1000 characters, got ["a > 1"]'],
  [{ delta: 1 }, 'delta must be a boolean, got 1'],
])('%j is refused in SUBSCRIBE and in CHANGE, naming the field and the value', (wish, complaint) => {
  const [asked, changed] = [
    refusalOf([2, 1, [{ sid: 1, pattern: 'a', ...wish }]]),
    refusalOf({ op: 'change', id: 1, sid: 1, change: wish }),
  ];
  expect(asked).toMatchObject({ reason: 'badRequest', requestId: 1, message: `subscriptions[0].${complaint}` });
  expect(changed).toMatchObject({ reason: 'badRequest', requestId: 1, message: `change.${complaint}` });
});

test('what is too much is refused, and shown in short', () => {
  const tooLong = refusalOf([4, 1, 1, { filter: 'x'.repeat(1001) }]).message;
  expect(tooLong).toBe(`change.filter must be a string of 1 to 1000 characters, got "${'x'.repeat(59)}…`);
  expect(refusalOf([4, 1, 1, { fields: names(257) }]).message).toMatch(/^change.fields must be a list of 256 names at/);
  expect(refusalOf([4, 1, 1, { fields: ['f'.repeat(256)] }]).message).toMatch(/^change.fields\[0\] must be .* 255/);
});

test('a change takes a wish back with null, and says at least one thing', () => {
  const back = { maxRate: null, fields: null, filter: null };
  expect(readChange(back)).toStrictEqual(back);
  expect(readChange({ delta: null, paused: true })).toStrictEqual({ paused: true });
  expect(readClientFrame([4, 1, 2, { filter: null, other: 1 }])).toStrictEqual({
    ...{ op: 'change', id: 1, sid: 2 },
    change: { filter: null },
  });
  for (const nothing of [{}, { delta: null, paused: null }, { other: 1 }]) {
    expect(refusalOf([4, 1, 2, nothing]).message).toBe(
      `change must be a map with at least one of maxRate, fields, filter, delta and paused, got ${JSON.stringify(nothing)}`,
    );
  }
  expect(refusalOf([4, 1, 2, { paused: 'yes' }]).message).toBe('change.paused must be a boolean, got "yes"');
});
