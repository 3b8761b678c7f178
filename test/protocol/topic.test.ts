import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWildcard, matches, overlaps, patternFault, topicFault } from '../../src/protocol/topic.ts';

const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/);
/** Few different segments, so that patterns and topics meet often. */
const fewSegments = fc.constantFrom('a', 'b', 'A', '0', '_-');
const topic = fc.array(fewSegments, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('.'));
const pattern = fc
  .tuple(fc.array(fc.oneof(fewSegments, fc.constant('*')), { maxLength: 5 }), fc.option(fc.constant('>')))
  .map(([segments, rest]) => [...segments, ...(rest === null ? [] : [rest])])
  .filter((segments) => segments.length > 0)
  .map((segments) => segments.join('.'));

/** What the rules say, as a regular expression. */
function oracle(pattern: string): RegExp {
  const parts = pattern.split('.').map((part) => (part === '*' ? '[^.]+' : part === '>' ? '.+' : part));
  return new RegExp(`^${parts.join('\\.')}$`);
}

test('a pattern selects exactly the topics that the same rule as a regular expression selects', () => {
  fc.assert(
    fc.property(pattern, topic, (wanted, name) => {
      assert.equal(matches(wanted, name), oracle(wanted).test(name));
    }),
    { numRuns: 10_000 },
  );
});

test('a topic is a pattern that selects itself and is no wildcard', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 16 }), (segments) => {
      const name = segments.join('.');
      expect([topicFault(name), patternFault(name)]).toEqual([undefined, undefined]);
      expect([matches(name, name), isWildcard(name)]).toEqual([true, false]);
    }),
  );
});

test('a wildcard is a pattern, never a topic', () => {
  fc.assert(
    fc.property(pattern, (text) => {
      expect(patternFault(text)).toBeUndefined();
      expect(isWildcard(text)).toBe(/[*>]/.test(text));
      expect(topicFault(text) !== undefined).toBe(isWildcard(text));
    }),
  );
});

test('what is taken as a topic is what the grammar says, for any text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '.', '*', '>', ' ', 'é', '\n', '') })),
      (text) => {
        const isTopic = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,15}$/.test(text) && text.length <= 200;
        assert.equal(topicFault(text) === undefined, isTopic);
      },
    ),
    { numRuns: 5000 },
  );
});

test.each([
  ['', 'is empty'],
  ['a..b', 'has an empty segment'],
  ['.a', 'has an empty segment'],
  ['a.', 'has an empty segment'],
  ['a b', 'has a segment with other characters than A-Z a-z 0-9 _ -'],
  ['a\n', 'has a segment with other characters than A-Z a-z 0-9 _ -'],
  ['a.*b', 'has a segment with other characters than A-Z a-z 0-9 _ -'],
  ['a'.repeat(201), 'is longer than 200 bytes'],
  [Array(17).fill('a').join('.'), 'has more than 16 segments'],
])('%j is refused: %s', (text, fault) => {
  expect(patternFault(text)).toBe(fault);
  expect(topicFault(text)).toBe(fault);
});

test('the longest and the deepest topics that are allowed are allowed', () => {
  expect(topicFault('a'.repeat(200))).toBeUndefined();
  expect(topicFault(Array(16).fill('a').join('.'))).toBeUndefined();
});

test('">" stands for one segment or more, and only at the end', () => {
  expect(matches('host.>', 'host')).toBe(false);
  expect(matches('host.>', 'host.cpu')).toBe(true);
  expect(matches('host.>', 'host.cpu.total')).toBe(true);
  expect(patternFault('>.host')).toBe('has ">" before its last segment');
});

test('two patterns overlap exactly where some topic is selected by both', () => {
  const short = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 3 }), fc.boolean())
    .map(([segments, isOpen]) => (isOpen || segments.length === 0 ? [...segments, '>'] : segments).join('.'));
  // `c` is the segment that neither names: only wildcards go there.
  const topics = topicsOf(['a', 'b', 'c'], 5);
  fc.assert(
    fc.property(short, short, (one, other) => {
      const both = topics.some((name) => matches(one, name) && matches(other, name));
      assert.equal(overlaps(one, other), both);
      assert.equal(overlaps(other, one), both);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['market.sim.*.quote', 'market.>', true],
  ['market.sim.*.quote', 'market.*.AAPL.*', true],
  ['market.sim.*.quote', 'market.sim.AAPL.trade', false],
  ['host.>', 'host', false],
  ['host.>', '>', true],
  ['host.*', 'host.*.cpu', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect([overlaps(one, other), overlaps(other, one)]).toEqual([expected, expected]);
});

/** Every topic of these segments, up to so many of them. */
function topicsOf(segments: readonly string[], depth: number): string[] {
  if (depth === 0) return [];
  return segments.flatMap((head) => [head, ...topicsOf(segments, depth - 1).map((tail) => `${head}.${tail}`)]);
}
