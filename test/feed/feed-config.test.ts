import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { parseFeedConfig } from '../../src/feed/feed-config.ts';

const feed = defineFeed({
  name: 'set',
  config: z.strictObject({
    symbols: z.array(z.string()).default(['A']),
    deep: z.object({ rate: z.number().min(1) }).default({ rate: 1 }),
  }),
  topics: ({ symbols }) => Object.fromEntries(symbols.map((symbol) => [`m.${symbol}`, { schema: z.number() }])),
  every: 1000,
  tick() {},
});

test('what is not said is the default of the feed', () => {
  expect(parseFeedConfig(feed, undefined, 'x')).toEqual({ symbols: ['A'], deep: { rate: 1 } });
  expect(parseFeedConfig(feed, { symbols: ['B'] }, 'x')).toEqual({ symbols: ['B'], deep: { rate: 1 } });
});

test.each([
  [{ symbols: ['B', 7] }, 'feeds[2].config.symbols[1]: Invalid input: expected string, received number, got 7'],
  [{ deep: { rate: 0 } }, 'feeds[2].config.deep.rate: Too small: expected number to be >=1, got 0'],
  [{ symbol: 'B' }, 'feeds[2].config: Unrecognized key: "symbol", got {"symbol":"B"}'],
  ['all', 'feeds[2].config: Invalid input: expected object, received string, got "all"'],
  [{ symbols: ['a b'] }, 'topic "m.a b" must be dotted segments or {placeholders}'],
])('%j is refused by path and value', (config, message) => {
  expect(() => parseFeedConfig(feed, config, 'feeds[2].config')).toThrow(message);
});

test('all faults are told at once, long values cut short, and what JSON can not hold is shown too', () => {
  const told = () => parseFeedConfig(feed, { symbols: [10n], deep: 'x'.repeat(500) }, 'c');
  expect(told).toThrow(/got 10n; c\.deep: .*got "x{99}…$/);
});
