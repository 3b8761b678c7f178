import { expect, test } from 'vitest';
import { parseAssertion } from '../../bench/report/index.ts';
import { parseBytes, parseSlow } from '../../src/cli/bench/parse.ts';
import { planOf, wishOf } from '../../src/cli/bench/plan.ts';

test.each([
  ['5%:stall', { share: 0.05, how: { kind: 'stall' } }],
  ['0.5%:stall30s', { share: 0.005, how: { kind: 'stallFor', seconds: 30 } }],
  ['100%:8kbps', { share: 1, how: { kind: 'bytesPerSec', bytesPerSec: 1000 } }],
])('--slow %s', (text, slow) => {
  expect(parseSlow(text)).toEqual(slow);
});

test('sizes are in powers of ten', () => {
  expect(['128', '128b', '1.5kb', '1MB'].map(parseBytes)).toEqual([128, 128, 1500, 1_000_000]);
});

test('without flags it is a server of our own that publishes by itself', () => {
  expect(planOf(wishOf({}), 4)).toMatchObject({
    target: { kind: 'own' },
    source: { kind: 'feed', topics: 10, rate: 100 },
    patterns: ['bench.>'],
    workers: 3,
    percentile: 'p99',
  });
});

test('a server that is there is measured by what it publishes, or by publishers', () => {
  const url = { url: 'ws://127.0.0.1:1', serverPid: 7 };
  expect(planOf(wishOf(url))).toMatchObject({
    target: { kind: 'url', url: url.url, pid: 7 },
    source: { kind: 'existing' },
    patterns: ['>'],
  });
  expect(planOf(wishOf({ ...url, publishers: 2 }))).toMatchObject({
    source: { kind: 'publishers', publishers: 2, topics: 10 },
    patterns: ['bench.>'],
  });
});

test('there must be samples enough for the hardest percentile that is asserted', () => {
  const asserting = (...texts: string[]) => planOf(wishOf({ assert: texts.map(parseAssertion) })).percentile;
  expect(asserting('p50<1ms', 'p99.9<1ms', 'p99<1ms')).toBe('p99.9');
  expect(asserting('p90<1ms', 'lost=0')).toBe('p90');
  expect(asserting('lost=0')).toBe('p99');
});
