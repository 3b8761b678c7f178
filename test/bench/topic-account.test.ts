import { expect, test } from 'vitest';
import { TopicAccount } from '../../bench/stalls/topic-account.ts';
import type { ServerFrame } from '../../src/protocol/index.ts';

const at = { tid: 1, ts: 0 };
const begin: ServerFrame = { op: 'snapshot', ...at, seq: 4, last: true, rows: [] };
const data = (seq: number): ServerFrame => ({ op: 'data', ...at, seq, values: [] });
const mark = (from: number, to: number, count = to - from + 1): ServerFrame => {
  return { op: 'mark', tid: 1, from, to, count, reason: 'slow', ageMs: 0 };
};
const gap: ServerFrame = { op: 'gap', tid: 1, from: 8, to: 9, reason: 'history' };

test('what is delivered, marked and lost adds up', () => {
  expect(account([begin, data(5), mark(6, 7), gap, data(10)])).toMatchObject({
    first: 4,
    last: 10,
    delivered: 2,
    marked: 2,
    lost: 2,
    untold: 0,
    faults: 0,
  });
});

test('a hole that nothing announces is untold', () => {
  expect(account([begin, data(5), data(8)])).toMatchObject({ untold: 2, faults: 0 });
  expect(account([begin, { ...begin, seq: 9 }])).toMatchObject({ untold: 5 });
});

test('what comes twice, too late, or with a wrong count is a fault', () => {
  expect(account([begin, data(5), data(5)]).faults).toBe(1);
  expect(account([begin, data(6), mark(5, 5)]).faults).toBe(1);
  expect(account([begin, mark(5, 7, 2)]).faults).toBe(1);
  expect(account([data(5)]).faults).toBe(1);
});

function account(frames: readonly ServerFrame[]): TopicAccount {
  const sum = new TopicAccount();
  for (const frame of frames) sum.take(frame);
  return sum;
}
