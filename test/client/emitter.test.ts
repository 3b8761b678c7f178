import { expect, test } from 'vitest';
import { Emitter } from '../../src/client/emitter.ts';

type Events = { tick: number; other: string };

test('a listener hears its event until it is undone, and undoing twice is harmless', () => {
  const emitter = new Emitter<Events>(() => {});
  const heard: number[] = [];
  const undo = emitter.on('tick', (n) => heard.push(n));
  emitter.on('tick', (n) => heard.push(n * 10));
  emitter.emit('tick', 1);
  emitter.emit('other', 'x');
  undo();
  undo();
  emitter.emit('tick', 2);
  expect(heard).toEqual([1, 10, 20]);
});

test('a listener that throws is reported and disturbs no other', () => {
  const faults: unknown[] = [];
  const emitter = new Emitter<Events>((fault, event) => faults.push([event, String(fault)]));
  const heard: number[] = [];
  emitter.on('tick', () => {
    throw new Error('no');
  });
  emitter.on('tick', (n) => heard.push(n));
  emitter.emit('tick', 1);
  expect(heard).toEqual([1]);
  expect(faults).toEqual([['tick', 'Error: no']]);
});

test('a listener that leaves while it is called does not make the next one miss the event', () => {
  const emitter = new Emitter<Events>(() => {});
  const heard: string[] = [];
  const undo = emitter.on('tick', () => {
    heard.push('first');
    undo();
  });
  emitter.on('tick', () => heard.push('second'));
  emitter.emit('tick', 1);
  expect(heard).toEqual(['first', 'second']);
  expect(emitter.has('tick')).toBe(true);
  expect(emitter.has('other')).toBe(false);
});
