import { describe, expect, test } from 'vitest';
import { checkAssertion, judge, parseAssertion } from '../../../bench/report/assertion.ts';
import { measures } from '../../../bench/report/measures.ts';
import { runOf } from './fixture.ts';

describe('an assertion holds or does not', () => {
  test.each<[string, boolean]>([
    ['p99<20ms', true],
    ['p99 < 2.04 ms', false],
    ['p99<=2040us', true],
    ['p99>0.002s', true],
    ['lost=0', true],
    ['conflated=0', false],
    ['deliveries>=20000/s', true],
    ['server-memory<81MiB', true],
    ['server-memory<80MB', false],
    ['server-cpu>25%', false],
    ['fairness>99%', true],
  ])('%s: %s', (text, ok) => {
    expect(judge([parseAssertion(text)], [runOf()])).toMatchObject([{ ok }]);
  });

  test('in each run that knows its measure, figures of a scenario included', () => {
    const figures = [{ name: 'all back after', value: 300, unit: 'ms' }];
    const runs = [runOf({}, { label: 'a', figures }), runOf({}, { label: 'b' })];
    expect(judge([parseAssertion('all-back-after<0.2s')], runs)).toMatchObject([
      { ok: false, message: 'a: all-back-after is 300 ms, and all-back-after<0.2s does not hold' },
    ]);
    expect(judge([parseAssertion('lost=0')], runs)).toHaveLength(2);
  });

  test.each([
    ['server-cpu-per-delivery<3us', true],
    ['server-cpu-per-delivery<0.002ms', false],
    ['server-cpu-per-delivery<0.003ms', true],
    ['few-among-many-to-few<1.1', true],
  ])('figures are called by their words, whatever stands between: %s is %s', (text, ok) => {
    const figures = [
      { name: 'server CPU per delivery', value: 2.5, unit: 'us' },
      { name: 'few among many, to few', value: 1.05, unit: 'times' },
    ];
    expect(judge([parseAssertion(text)], [runOf({}, { figures })])).toMatchObject([{ ok }]);
  });
});

describe('what is wrong with an assertion is said', () => {
  test.each(['p99', 'p99<', '<5ms', 'p99<<5ms', 'p99<-5ms', 'p99<5 m s', 'p99<1e3ms'])('%s is none', (text) => {
    expect(() => parseAssertion(text)).toThrow(`"${text}" is no assertion: it must be a name, one of < <= > >= =`);
  });

  test('a name that nothing has comes with those there are', () => {
    expect(() => checkAssertion(parseAssertion('p98<5ms'))).toThrow(
      /"p98", which is none of p50, p90, p99, .*load-cpu$/,
    );
  });

  test.each([
    ['p99<5', 'p99 takes us, ms, s'],
    ['p99<5%', '"%", and p99 takes us, ms, s'],
    ['lost<5ms', 'lost takes no unit'],
    ['server-memory<5ms', 'server-memory takes B, KiB, MiB'],
  ])('%s has the wrong unit', (text, message) => {
    expect(() => checkAssertion(parseAssertion(text))).toThrow(message);
  });

  test('a measure that no run knows can not be judged', () => {
    const assertion = parseAssertion('p99<5ms');
    expect(() => judge([assertion], [{ label: 'idle', figures: [], doubts: [] }])).toThrow('is not known of this run');
  });
});

test('measures have names of their own', () => {
  const names = measures.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
