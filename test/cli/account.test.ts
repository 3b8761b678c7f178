import { expect, test } from 'vitest';
import { Account } from '../../src/cli/account.ts';
import type { ServerFrame } from '../../src/protocol/index.ts';

const snapshot = (seq: number): ServerFrame => ({ op: 'snapshot', tid: 1, seq, ts: 0, last: true, rows: [] });
const data = (seq: number): ServerFrame => ({ op: 'data', tid: 1, seq, ts: 0, values: [] });
const mark = (from: number, to: number, count: number, reason: 'rate' | 'filter'): ServerFrame => ({
  op: 'mark',
  tid: 1,
  from,
  to,
  count,
  reason,
  ageMs: 0,
});

test('each publication is entered as what became of it', () => {
  const account = entered(
    snapshot(10),
    data(11),
    mark(12, 15, 3, 'rate'),
    { op: 'patch', tid: 1, seq: 16, ts: 0, base: 11, changes: [] },
    mark(17, 18, 2, 'filter'),
    { op: 'gap', tid: 1, from: 19, to: 20, reason: 'history' },
    { op: 'remove', tid: 1, seq: 21, ts: 0, key: 'k' },
  );
  account.close(21);
  expect(account.faults).toEqual([]);
  expect(account.tally).toEqual({ published: 11, delivered: 3, conflated: 3, filtered: 3, missed: 2 });
});

test('a topic that is born needs no snapshot, and a later snapshot stands for what is before it', () => {
  const account = entered(data(1), data(2), snapshot(5), data(6));
  expect(account.faults).toEqual([]);
  expect(account.tally).toEqual({ published: 6, delivered: 3, conflated: 3, filtered: 0, missed: 0 });
});

test.each<[string, ServerFrame[], string[]]>([
  ['a hole', [snapshot(3), data(4), data(7)], ['nothing was said of 5 to 6']],
  ['a hole before a mark', [snapshot(3), mark(5, 6, 2, 'rate')], ['nothing was said of 4']],
  ['a repetition', [snapshot(3), data(4), data(4)], ['4 came twice']],
  ['a mark of what came', [snapshot(3), data(4), data(5), mark(4, 6, 3, 'rate')], ['4 to 5 came twice']],
  ['a snapshot of the past', [snapshot(3), data(4), snapshot(2)], ['a snapshot at 2 came after 4']],
  ['an end that is missing', [snapshot(3), data(4)], ['nothing was said of 5 to 9']],
])('%s is found', (_, frames, faults) => {
  const account = entered(...frames);
  if (faults[0]?.endsWith('9')) account.close(9);
  expect(account.faults).toEqual(faults);
});

function entered(...frames: ServerFrame[]): Account {
  const account = new Account();
  for (const frame of frames) account.enter(frame);
  return account;
}
