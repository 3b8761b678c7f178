import { expect, test } from 'vitest';
import { Outbox } from '../../src/client/outbox.ts';
import { ManualTime } from '../support/manual-time.ts';

const item = (name: string, length = 10) => ({ name, bytes: new Uint8Array(length) });
type Item = ReturnType<typeof item>;

function outbox(limits: Partial<{ maxCount: number; maxBytes: number; maxAgeMs: number }> = {}) {
  const time = new ManualTime();
  const expired: string[] = [];
  const all = { maxCount: 3, maxBytes: 100, maxAgeMs: 1000, ...limits };
  return { time, expired, box: new Outbox<Item>(all, time, ({ name }) => expired.push(name)) };
}

test('what was offered is handed over once, oldest first', () => {
  const { box } = outbox();
  expect([box.offer(item('a')), box.offer(item('b'))]).toEqual(['taken', 'taken']);
  expect(box.drain().map(({ name }) => name)).toEqual(['a', 'b']);
  expect(box.drain()).toEqual([]);
});

test('it is full by count, and has room again once drained', () => {
  const { box } = outbox();
  expect(['a', 'b', 'c', 'd'].map((name) => box.offer(item(name)))).toEqual(['taken', 'taken', 'taken', 'full']);
  box.drain();
  expect(box.offer(item('e'))).toBe('taken');
});

test('it is full by bytes', () => {
  const { box } = outbox();
  expect([box.offer(item('a', 60)), box.offer(item('b', 41)), box.offer(item('c', 40))]).toEqual([
    'taken',
    'full',
    'taken',
  ]);
});

test('each expires at its own age, and makes room', () => {
  const { box, time, expired } = outbox({ maxBytes: 20 });
  box.offer(item('a'));
  time.pass(600);
  box.offer(item('b'));
  time.pass(399);
  expect(expired).toEqual([]);
  time.pass(1);
  expect(expired).toEqual(['a']);
  expect(box.offer(item('c'))).toBe('taken');
  time.pass(600);
  expect(expired).toEqual(['a', 'b']);
  expect(box.drain().map(({ name }) => name)).toEqual(['c']);
  expect(time.timers).toBe(0);
});
