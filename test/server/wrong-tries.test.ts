import { expect, test } from 'vitest';
import { WrongTries } from '../../src/server/http/wrong-tries.ts';

test('ten wrong tries within a minute are too many, for the rest of it', () => {
  const tries = new WrongTries();
  for (let i = 0; i < 9; i++) tries.add('a', i * 1000);
  expect(tries.waitSec('a', 9000)).toBe(0);
  tries.add('a', 9000);
  expect(tries.waitSec('a', 9000)).toBe(51);
  expect(tries.waitSec('b', 9000)).toBe(0);
  expect(tries.waitSec('a', 60_000)).toBe(0);
});

test('however many addresses guess, no more than a thousand are remembered, and all others wait together', () => {
  const tries = new WrongTries();
  for (let i = 0; i < 1000; i++) tries.add(`10.0.${i >> 8}.${i & 255}`, 0);
  for (let i = 0; i < 10; i++) tries.add(`192.168.0.${i}`, 1000);
  expect(tries.waitSec('172.16.0.1', 2000)).toBeGreaterThan(0);
  expect(tries.waitSec('10.0.0.1', 2000)).toBe(0);
  for (let i = 0; i < 10; i++) tries.add('172.16.0.2', 62_000);
  expect(tries.waitSec('172.16.0.2', 62_000)).toBe(60);
  expect(tries.waitSec('172.16.0.1', 62_000)).toBe(0);
});
