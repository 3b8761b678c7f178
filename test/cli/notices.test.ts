import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notices } from '../../src/cli/notices.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what concerns many topics at once is one line', () => {
  const said: string[] = [];
  const notices = new Notices((message) => said.push(message));
  for (const topic of ['a', 'b', 'c', 'd', 'e']) notices.note('stale', topic);
  notices.note('slow', 'x', 1200);
  notices.note('slow', 'x', 34);
  expect(said).toEqual([]);
  vi.runAllTimers();
  expect(said).toEqual([
    'a, b, c and 2 more are stale: silent for longer than is normal',
    'too slow: 1,234 updates of x were left out',
  ]);
  notices.note('live', 'a');
  notices.flush();
  expect(said.at(-1)).toBe('a is live again');
  vi.runAllTimers();
  expect(said).toHaveLength(3);
});

test('terminals are not obeyed', () => {
  const said: string[] = [];
  const notices = new Notices((message) => said.push(message));
  notices.note('epoch', '\u001b[2J');
  notices.flush();
  expect(said[0]).toContain('\\u001b[2J');
});
