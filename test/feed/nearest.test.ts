import { expect, test } from 'vitest';
import { didYouMean } from '../../src/feed/nearest.ts';

test('a word that is nearly known is guessed', () => {
  expect(didYouMean('stonks', ['host', 'stocks', 'iot'])).toBe('; did you mean "stocks"?');
  expect(didYouMean('hots', ['stocks', 'host'])).toBe('; did you mean "host"?');
});

test('no guess is better than one that puzzles', () => {
  expect(didYouMean('nosuch', ['host', 'stocks', 'iot'])).toBe('');
  expect(didYouMean('anything', [])).toBe('');
});
