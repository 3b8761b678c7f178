import { expect, test } from 'vitest';
import { z } from 'zod';
import { TestBus } from '../support/test-bus.ts';

test('a rate lets the first through at once, then the newest at each beat, and says how many it skipped', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { news } = bus.subscribe('a', { maxRate: 2 });
  news();
  a.publish(1);
  bus.turn();
  expect(news()).toEqual(['data a 1 [1]']);
  bus.pass(100);
  a.publish(2, 3);
  bus.pass(100);
  a.publish(4);
  bus.pass(299);
  expect(news()).toEqual([]);
  bus.pass(1);
  expect(news()).toEqual(['mark a 2-3 2 rate 400 ms', 'data a 4 [4]']);
  bus.pass(5000);
  expect(news()).toEqual([]);
  a.publish(5);
  bus.turn();
  expect(news()).toEqual(['data a 5 [5]']);
});

test('a beat that comes late leaves the others where they were', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { news } = bus.subscribe('a', { maxRate: 10 });
  for (let i = 1; i <= 100; i++) {
    a.publish(i);
    bus.holdUp(30); // each beat is up to 20 ms late
  }
  expect(news().filter((line) => line.startsWith('data'))).toHaveLength(31);
});

test('after a rest of more than a beat the next two are a whole beat apart', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { news } = bus.subscribe('a', { maxRate: 1 });
  a.publish(1);
  bus.pass(1900);
  a.publish(2);
  bus.turn();
  news();
  a.publish(3);
  bus.pass(999);
  expect(news()).toEqual([]);
  bus.pass(1);
  expect(news()).toEqual(['data a 3 [3]']);
});

test('publications of event topics are not held back by a rate', () => {
  const bus = new TestBus();
  const e = bus.numbers('e', 'event');
  const { news } = bus.subscribe('e', { maxRate: 0.01 });
  news();
  e.publish(1, 2);
  bus.turn();
  e.publish(3);
  bus.turn();
  expect(news()).toEqual(['data e 1 [1]', 'data e 2 [2]', 'data e 3 [3]']);
});

test('who joins between two beats has the newest at once, no copy of it at the next, and events before that', () => {
  const bus = new TestBus();
  const [a, e] = [bus.numbers('a'), bus.numbers('e', 'event')];
  bus.subscribe('>', { maxRate: 1 });
  a.publish(1);
  bus.pass(200);
  a.publish(2);
  bus.pass(200);
  const late = bus.subscribe('>', { maxRate: 1 });
  expect(late.news()).toEqual(['snapshot a 2: [2]', 'snapshot e 0: no rows']);
  a.publish(3);
  expect(bus.subscribe('>', { maxRate: 1 }).news()).toEqual(['snapshot a 3: [3]', 'snapshot e 0: no rows']);
  e.publish(1);
  bus.turn();
  expect(late.news()).toEqual(['data e 1 [1]']);
  expect(late.member.isOn).toBe(false);
  bus.pass(600);
  expect(late.news()).toEqual(['data a 3 [3]']);
  expect(late.member.isOn).toBe(true);
  a.publish(4);
  e.publish(2);
  bus.pass(1000);
  expect(late.news()).toEqual(['data e 2 [2]', 'data a 4 [4]']);
});

test('what does not match is announced before the next that does, or within a second', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { news } = bus.subscribe('a', { filter: 'value > 10' });
  news();
  a.publish(1, 2);
  bus.turn();
  expect(news()).toEqual([]);
  a.publish(11);
  bus.turn();
  expect(news()).toEqual(['mark a 1-2 2 filter 0 ms', 'data a 3 [11]']);
  a.publish(3);
  bus.pass(1000);
  expect(news()).toEqual(['mark a 4-4 1 filter 1000 ms']);
});

test('a filter comes before the rate: only what matched counts as skipped', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { news } = bus.subscribe('a', { filter: 'value > 10', maxRate: 1 });
  news();
  a.publish(11);
  bus.turn();
  a.publish(12, 1, 13, 2, 3);
  bus.pass(1000);
  expect(news()).toEqual([
    'data a 1 [11]',
    'mark a 2-3 1 rate 1000 ms',
    'data a 4 [13]',
    'mark a 5-6 2 filter 1000 ms',
  ]);
});

test('the state behind a filter is the last that matched, for late joiners too', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const view = { filter: 'value > 10' };
  bus.subscribe('a', view);
  a.publish(11, 1);
  expect(bus.subscribe('a', view).news()).toEqual(['snapshot a 2: [11]']);
});

test('a row that no longer matches is removed', () => {
  const bus = new TestBus();
  const table = bus.numbers('t', 'keyed');
  table.set('x', 11);
  table.set('y', 1);
  const { news } = bus.subscribe('t', { filter: 'value > 10' });
  expect(news()).toEqual(['snapshot t 2: x [11]']);
  table.set('x', 2);
  table.set('y', 2); // nobody holds it
  table.set('y', 12);
  table.remove('y');
  bus.pass(1000);
  expect(news()).toEqual(['remove t 3 x', 'mark t 4-4 1 filter 0 ms', 'data t 5 y [12]', 'remove t 6 y']);
});

test('at a beat a table brings the newest of each row that changed', () => {
  const bus = new TestBus();
  const table = bus.numbers('t', 'keyed');
  const { news } = bus.subscribe('t', { maxRate: 1 });
  table.set('x', 1);
  bus.turn();
  news();
  table.set('x', 2);
  table.set('y', 3);
  table.set('x', 4);
  table.set('z', 5);
  table.remove('z');
  bus.pass(1000);
  expect(news()).toEqual([
    'mark t 2-2 1 rate 1000 ms',
    'data t 3 y [3]',
    'data t 4 x [4]',
    'mark t 5-5 1 rate 1000 ms',
    'remove t 6 z',
  ]);
});

test('when more rows were removed within a beat than are remembered, all rows come in one snapshot', () => {
  const bus = new TestBus();
  const table = bus.numbers('t', 'keyed');
  const { news } = bus.subscribe('t', { maxRate: 1, delta: true });
  table.set('stays', 1);
  bus.turn();
  news();
  for (let row = 0; row < 65; row++) table.set(`k${row}`, row);
  for (let row = 0; row < 65; row++) table.remove(`k${row}`);
  bus.pass(1000);
  expect(news()).toEqual(['mark t 2-131 130 rate 1000 ms', 'snapshot t 131: stays [1]']);
});

const wide = z.object({ name: z.string(), bid: z.int(), ask: z.int() });
const name = 'long enough to be worth leaving out';

test('deltas bring only what changed, against the frame before, and everything where that is no longer', () => {
  const bus = new TestBus();
  const q = bus.topic('q', 'latest', wide);
  q.publish({ name, bid: 1, ask: 2 }, { ts: 0 });
  const { news } = bus.subscribe('q', { delta: true });
  expect(news()).toEqual([`snapshot q 1: ["${name}",1,2]`]);
  q.publish({ name, bid: 3, ask: 2 }, { ts: 0 });
  q.publish({ name, bid: 3, ask: 4 }, { ts: 0 });
  q.publish({ name: 'other', bid: 5, ask: 6 }, { ts: 0 });
  bus.turn();
  expect(news()).toEqual(['patch q 2 on 1 [1,3]', 'patch q 3 on 2 [2,4]', 'data q 4 ["other",5,6]']);
});

test('a change is one in the fields that are shown, and skips what the rate held back', () => {
  const bus = new TestBus();
  const q = bus.topic('q', 'latest', wide);
  const { news } = bus.subscribe('q', { delta: true, fields: ['name', 'ask'], maxRate: 1 });
  q.publish({ name, bid: 1, ask: 2 }, { ts: 0 });
  bus.turn();
  news();
  q.publish({ name: 'for a moment', bid: 3, ask: 3 }, { ts: 0 });
  q.publish({ name, bid: 4, ask: 4 }, { ts: 0 });
  bus.pass(1000);
  expect(news()).toEqual(['mark q 2-2 1 rate 1000 ms', 'patch q 3 on 1 [1,4]']);
});

test('after a hundred patches a whole value comes', () => {
  const bus = new TestBus();
  const q = bus.topic('q', 'latest', wide);
  const { frames, news } = bus.subscribe('q', { delta: true });
  for (let bid = 0; bid < 250; bid++) q.publish({ name, bid, ask: 2 }, { ts: 0 });
  bus.turn();
  const whole = frames.flatMap((frame) => (frame.op === 'data' ? [frame.seq] : []));
  expect(whole).toEqual([1, 102, 203]);
  expect(news().at(-1)).toBe('patch q 250 on 249 [1,249]');
});

test('a row has changes of its own, and comes whole again after it was removed', () => {
  const bus = new TestBus();
  const t = bus.topic('t', 'keyed', wide);
  const set = (key: string, bid: number) => t.publish({ name, bid, ask: 2 }, { ts: 0, key });
  const { news } = bus.subscribe('t', { delta: true });
  news();
  set('x', 1);
  set('y', 2);
  set('x', 3);
  t.remove('x', 0);
  set('x', 4);
  bus.turn();
  expect(news()).toEqual([
    `data t 1 x ["${name}",1,2]`,
    `data t 2 y ["${name}",2,2]`,
    'patch t 3 x on 1 [1,3]',
    'remove t 4 x',
    `data t 5 x ["${name}",4,2]`,
  ]);
});

test('who was away gets whole values, and then changes like everyone', () => {
  const bus = new TestBus();
  const q = bus.topic('q', 'latest', wide);
  const { member, news } = bus.subscribe('q', { delta: true });
  q.publish({ name, bid: 1, ask: 2 }, { ts: 0 });
  bus.turn();
  member.hold('slow');
  news();
  q.publish({ name, bid: 2, ask: 2 }, { ts: 0 });
  q.publish({ name, bid: 3, ask: 2 }, { ts: 0 });
  bus.turn();
  member.catchUp(1000);
  member.release();
  q.publish({ name, bid: 4, ask: 2 }, { ts: 0 });
  bus.turn();
  expect(news()).toEqual(['mark q 2-2 1 slow 0 ms', `data q 3 ["${name}",3,2]`, 'patch q 4 on 3 [1,4]']);
});
