import { expect, test } from 'vitest';
import { readHistoryQuery } from '../../src/protocol/history-query.ts';
import { refusalOf } from '../support/fault-of.ts';

test('a query asks for what it says, and for nothing else', () => {
  const query = { epoch: 'e', after: 0, before: 9, since: 5, limit: 1, reverse: true };
  expect(readHistoryQuery({ ...query, later: 1 })).toStrictEqual(query);
  expect(readHistoryQuery({ epoch: null, after: 7, limit: null, reverse: null })).toStrictEqual({ after: 7 });
  expect(readHistoryQuery(undefined)).toStrictEqual({});
});

test.each([
  [{ epoch: 7 }, 'query.epoch must be a string, got 7'],
  [{ after: -1 }, 'query.after must be a whole number from 0 to 2^53 - 1, got -1'],
  [{ after: '7' }, 'query.after must be a whole number from 0 to 2^53 - 1, got "7"'],
  [{ before: 1.5 }, 'query.before must be a whole number from 0 to 2^53 - 1, got 1.5'],
  [{ since: -5 }, 'query.since must be a whole number from 0 to 2^53 - 1, got -5'],
  [{ limit: 0 }, 'query.limit must be a whole number from 1 to 2^53 - 1, got 0'],
  [{ limit: 2 ** 53 }, 'query.limit must be a whole number from 1 to 2^53 - 1, got 9007199254740992'],
  [{ reverse: 1 }, 'query.reverse must be a boolean, got 1'],
  [[], 'query must be a map, got []'],
])('%j is refused, naming the field and the value', (query, message) => {
  expect(refusalOf([6, 1, 'a', query])).toMatchObject({ reason: 'badRequest', requestId: 1, message });
});
