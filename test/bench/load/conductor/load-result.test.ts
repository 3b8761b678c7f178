import { expect, test } from 'vitest';
import { loadResult, type Seen } from '../../../../bench/load/conductor/load-result.ts';
import { encodeHistogram, newHistogram, record } from '../../../../bench/load/histogram.ts';
import type { Account, Opened, Sample } from '../../../../bench/load/worker/worker-protocol.ts';
import { someTimeline, someUse } from '../support/some-load.ts';

test('what load processes saw is added up, whenever in the window it came', () => {
  const { deliveries, messages, bytes, latency } = loadResult(some());
  expect({ deliveries, messages, bytes }).toEqual({ deliveries: 11 + 100 + 200 + 7, messages: 8, bytes: 40 });
  expect(latency?.ms).toMatchObject({ count: 8, max: expect.closeTo(5, 1) });
});

test('connections are added up, by reason where they failed; the slowest process says when all were open', () => {
  const { connect } = loadResult(some());
  expect(connect).toMatchObject({ asked: 10, opened: 7, failed: { refused: 2, timeout: 1 }, seconds: 4, lost: 3 });
});

test('fairness goes over the connections of all processes, the ledger too', () => {
  const { fairness, ledger } = loadResult(some());
  expect(fairness).toEqual({ least: 1, median: 5, most: 9 });
  expect(ledger).toEqual({ delivered: 2, conflated: 4, missed: 6, lost: 8, duplicates: 10 });
});

test('what is not known is absent', () => {
  const result = loadResult({
    ...some(),
    published: undefined,
    late: [],
    measured: { ...some().measured, early: [], samples: [[quiet]] },
  });
  for (const absent of ['published', 'latency', 'ageMs']) expect(result).not.toHaveProperty(absent);
});

test('times of another clock carry their uncertainty', () => {
  const offset = { offsetMicros: 5, uncertaintyMs: 0.2 };
  expect(loadResult({ ...some(), offset }).latency?.uncertaintyMs).toBe(0.2);
  expect(loadResult(some()).latency).not.toHaveProperty('uncertaintyMs');
});

function some(): Seen {
  return {
    asked: 10,
    opened: [openedOf(3, 4, { refused: 1 }), openedOf(4, 2, { refused: 1, timeout: 1 })],
    measured: {
      seconds: 10,
      early: [sampleOf(11, 1000)],
      samples: [[sampleOf(100, 2000)], [sampleOf(200, 3000)]],
      timeline: someTimeline(0.1),
      server: someUse(),
      clients: [someUse()],
      publishers: undefined,
    },
    published: { inWindow: 5, total: 9, lastSeq: {} },
    accounts: [accountOf([9, 1]), accountOf([5])],
    late: [{ ...sampleOf(7, 5000), lost: 3 }],
    offset: undefined,
  };
}

function openedOf(opened: number, seconds: number, failed: Record<string, number>): Opened {
  return { opened, seconds, failed, times: encoded(1000) };
}

function sampleOf(deliveries: number, micros: number): Sample {
  const latency = encoded(micros, micros);
  return { ...quiet, deliveries, messages: 2, bytes: 10, latency, age: latency };
}

function accountOf(deliveriesOf: readonly number[]): Account {
  return { sums: { delivered: 1, conflated: 2, missed: 3, lost: 4, duplicates: 5 }, deliveriesOf };
}

function encoded(...micros: readonly number[]): string {
  const histogram = newHistogram();
  for (const value of micros) record(histogram, value);
  return encodeHistogram(histogram);
}

const quiet: Sample = {
  deliveries: 0,
  messages: 0,
  bytes: 0,
  latency: encoded(),
  age: encoded(),
  use: someUse(),
  open: 1,
  lost: 0,
  timerLateMs: 0,
};
