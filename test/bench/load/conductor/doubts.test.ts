import { expect, test } from 'vitest';
import { doubtsOf, type Evidence } from '../../../../bench/load/conductor/doubts.ts';
import type { LoadResult } from '../../../../bench/load/report.ts';
import { someEvidence, someLoad, somePercentiles, somePlan, someTimeline, someUse } from '../support/some-load.ts';

test('a run in which nothing is wrong is not doubted', () => {
  expect(doubtsOf(someEvidence())).toEqual([]);
});

test.each<[string, Partial<LoadResult>]>([
  ['nearly as full as it may be', { clients: [someUse(0.9)], timeline: someTimeline(0.9) }],
  ['full for a moment', { timeline: someTimeline(0.99, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3) }],
  ['full, the server being fuller', { clients: [someUse(0.95)], server: someUse(0.99), timeline: someTimeline(0.95) }],
])('a load process may be %s', (_, load) => {
  expect(kinds({ load: someLoad(load) })).toEqual([]);
});

test.each<[string, Partial<LoadResult>]>([
  ['full on average', { clients: [someUse(0.2), someUse(0.91)] }],
  ['full for seconds', { timeline: someTimeline(0.95, 0.3, 0.3) }],
  ['as full as can be, whatever the server is', { clients: [someUse(0.98)], server: someUse(0.99) }],
  ['full, and nobody knows of the server', { clients: [someUse(0.95)], server: undefined as never }],
])('a load process must not be %s', (_, load) => {
  expect(kinds({ load: someLoad(load) })).toEqual(['generator busy']);
});

test('a load process that is held up again and again is doubted, one that was once is not', () => {
  const late = (lateMs: number, seconds: number) => [Array.from({ length: 10 }, (_, i) => (i < seconds ? lateMs : 1))];
  expect(kinds({ timersLateMs: late(30, 3) })).toEqual([]);
  expect(kinds({ timersLateMs: late(30, 8) })).toEqual(['generator busy']);
  const slower = someLoad({ latency: { ms: somePercentiles(40), histogram: '' } });
  expect(kinds({ timersLateMs: late(30, 8), load: slower })).toEqual([]);
});

test('publishers that are late by a good part of what was measured are doubted', () => {
  expect(kinds({ publishersLateMs: somePercentiles(0.4) })).toEqual([]);
  expect(kinds({ publishersLateMs: somePercentiles(0.6) })).toEqual(['timers late']);
  expect(kinds({ publishersLateMs: { ...somePercentiles(0.1), p99: 3 } })).toEqual(['timers late']);
  const inMicros = someLoad({ latency: { ms: somePercentiles(0.1), histogram: '' } });
  expect(kinds({ publishersLateMs: somePercentiles(0.2), load: inMicros })).toEqual([]);
});

test('a percentile rests on publications, however many deliveries each of them had', () => {
  const publishedAtRate = (rate: number): Partial<Evidence> => ({
    plan: { ...somePlan, source: { kind: 'feed', topics: 10, rate, burst: 10, payloadBytes: 64 } },
    load: someLoad({ published: rate * 10 * 10 }),
  });
  expect(kinds(publishedAtRate(100))).toEqual([]);
  expect(messages(publishedAtRate(99))).toEqual([
    'p99.9 needs 10000 publications, and there were 9900: measure for 11 s or more, or publish more often',
  ]);
  expect(messages(publishedAtRate(9))).toEqual([
    'p99 needs 1000 publications and p99.9 needs 10000 publications, and there were 900: measure for 112 s or more, or publish more often',
  ]);
});

test('publications must suffice for the percentile that was asked for, not for harder ones', () => {
  const few = { load: someLoad({ published: 900 }) };
  expect(kinds({ ...few, plan: { ...somePlan, percentile: 'p90' } })).not.toContain('too short');
  expect(kinds({ ...few, plan: { ...somePlan, percentile: 'p99' } })).toContain('too short');
});

test('a run to which nothing came says so', () => {
  const { latency, ...load } = someLoad();
  expect(latency).toBeDefined();
  expect(messages({ load })).toEqual([
    'no publication arrived: is anything published on these topics, and are the patterns right?',
  ]);
});

test('connections that were refused or lost are doubted, with the reason', () => {
  const { connect } = someLoad();
  expect(
    messages({ load: someLoad({ connect: { ...connect, opened: 98, failed: { 'HTTP 503': 2 }, lost: 1 } }) }),
  ).toEqual([
    'of 100 connections 2 could not be opened and 1 were lost while measuring: HTTP 503 (2); the others had less to share a server with',
  ]);
});

test('a single connection that was lost while measuring is doubted', () => {
  const { connect } = someLoad();
  expect(kinds({ load: someLoad({ connect: { ...connect, lost: 1 } }) })).toEqual(['connections lost']);
});

test('a rate that was not reached is doubted, and the fullest is named', () => {
  const slower: Partial<LoadResult> = { published: 15_000 };
  expect(messages({ load: someLoad(slower) })).toEqual([
    '1500 a second were published, 2000 a second were asked for: though the server was not busy; ask for less, or in larger bursts',
  ]);
  expect(messages({ load: someLoad({ ...slower, server: someUse(1) }) })[0]).toContain('the server is full');
  expect(messages({ load: someLoad({ ...slower, publishers: [someUse(1)] }) })[0]).toContain('the publishers are full');
  const aHundredthAndABurst = 200 + 10;
  expect(kinds({ load: someLoad({ published: 20_000 - aHundredthAndABurst }) })).toEqual([]);
  expect(kinds({ load: someLoad({ published: 20_000 - aHundredthAndABurst - 1 }) })).toEqual(['rate not reached']);
});

test('publications that nobody was subscribed to are no samples', () => {
  const load = someLoad({ latency: { ms: { ...somePercentiles(), count: 150 }, histogram: '' } });
  expect(messages({ load })[0]).toContain('and there were 150:');
});

test('of publications that are not ours those count that came to one connection', () => {
  const { published, ...load } = someLoad({ fairness: { least: 9, median: 9, most: 9 } });
  expect(published).toBeDefined();
  expect(messages({ load })[0]).toContain('and there were 9:');
});

test('what is published by others has no rate to reach', () => {
  const { published, ...load } = someLoad();
  expect(published).toBeDefined();
  expect(kinds({ load, plan: { ...somePlan, source: { kind: 'existing' } } })).toEqual([]);
});

function kinds(spoilt: Partial<Evidence>): string[] {
  return doubtsOf(someEvidence(spoilt)).map(({ kind }) => kind);
}

function messages(spoilt: Partial<Evidence>): string[] {
  return doubtsOf(someEvidence(spoilt)).map(({ message }) => message);
}
