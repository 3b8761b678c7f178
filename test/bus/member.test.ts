import { expect, test } from 'vitest';
import type { Start } from '../../src/bus/index.ts';
import type { ViewRequest } from '../../src/protocol/index.ts';
import { TestBus, type TestSubscriber } from '../support/test-bus.ts';

test('for a laggard nothing is sent until it reads, and then the newest of everything, with every hole announced', () => {
  const bus = new TestBus();
  const [a, b, t] = [bus.numbers('a'), bus.numbers('b'), bus.numbers('t', 'keyed')];
  const { member, news } = bus.subscribe('>');
  news();
  member.hold('slow');
  for (let i = 1; i <= 5; i++) a.publish(i);
  b.publish(1);
  for (const key of ['x', 'y', 'x']) t.set(key, 7);
  bus.pass(300);
  expect(news()).toEqual([]);
  expect(member.ledger()).toMatchObject({ published: 9, delivered: 0, pending: 9 });
  expect(member.catchUp(1000)).toBe('caught up');
  expect(news()).toEqual([
    'mark a 1-4 4 slow 300 ms',
    'data a 5 [5]',
    'data b 1 [1]',
    'mark t 1-1 1 slow 300 ms',
    'data t 2 y [7]',
    'data t 3 x [7]',
  ]);
  expect(member.ledger()).toMatchObject({ published: 9, delivered: 4, conflated: 5, pending: 0 });
});

test('the age of what was skipped counts from when it could first be skipped, rates included', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { member, news } = bus.subscribe('a', { maxRate: 1 });
  a.publish(1);
  bus.pass(100);
  a.publish(2); // waits for its beat
  bus.pass(200);
  member.hold('slow');
  member.hold('slow');
  news();
  a.publish(3);
  bus.pass(50);
  member.catchUp(1000);
  expect(news()).toEqual(['mark a 2-2 1 slow 250 ms', 'data a 3 [3]']);
  bus.pass(5000);
  a.publish(4, 5);
  bus.pass(10);
  member.catchUp(1000);
  expect(news()).toEqual(['mark a 4-4 1 slow 5010 ms', 'data a 5 [5]']);
});

test('with little room every topic has its turn, and none is told twice', () => {
  const bus = new TestBus();
  const topics = ['a', 'b', 'c'].map((name) => bus.numbers(name));
  const { member, news } = bus.subscribe('>');
  news();
  member.hold('slow');
  for (const topic of topics) topic.publish(1);
  expect([member.catchUp(1), news()]).toEqual(['more', ['data a 1 [1]']]);
  topics[0]!.publish(2);
  expect([member.catchUp(1), news()]).toEqual(['more', ['data b 1 [1]']]);
  expect([member.catchUp(1), news()]).toEqual(['more', ['data c 1 [1]']]);
  expect([member.catchUp(1), news()]).toEqual(['caught up', ['data a 2 [2]']]);
  expect([member.catchUp(1), news()]).toEqual(['caught up', []]);
});

test('with little room a table comes row by row', () => {
  const bus = new TestBus();
  const t = bus.numbers('t', 'keyed');
  const { member, news } = bus.subscribe('t');
  news();
  member.hold('slow');
  for (const key of ['x', 'y', 'z']) t.set(key, 1);
  expect([member.catchUp(1), news()]).toEqual(['more', ['data t 1 x [1]']]);
  t.set('y', 2);
  expect([member.catchUp(1), news()]).toEqual(['more', ['mark t 2-2 1 slow 0 ms', 'data t 3 z [1]']]);
  expect([member.catchUp(1), news()]).toEqual(['caught up', ['data t 4 y [2]']]);
});

test('a laggard gets missed events from history, in order, in as many parts as it has room for', () => {
  const bus = new TestBus();
  const e = bus.numbers('e', 'event');
  const { member, news } = bus.subscribe('e');
  news();
  e.publish(1);
  member.hold('slow');
  expect(news()).toEqual(['data e 1 [1]']); // what its stream had collected was still for it
  e.publish(2, 3, 4);
  bus.turn();
  expect([member.catchUp(10), news()]).toEqual(['more', ['data e 2 [2]', 'data e 3 [3]']]);
  e.publish(5);
  expect([member.catchUp(1000), news()]).toEqual(['caught up', ['data e 4 [4]', 'data e 5 [5]']]);
  member.release();
  e.publish(6);
  bus.turn();
  expect(news()).toEqual(['data e 6 [6]']);
});

test('what history lost is a gap, and named exactly', () => {
  const bus = new TestBus({ historyLimitsOf: () => ({ maxCount: 2, maxBytes: 10_000, maxAgeMs: 1000 }) });
  const e = bus.numbers('e', 'event');
  const { member, news } = bus.subscribe('e');
  news();
  member.hold('slow');
  e.publish(1, 2, 3, 4, 5);
  bus.turn();
  member.catchUp(1000);
  expect(news()).toEqual(['gap e 1-3 history', 'data e 4 [4]', 'data e 5 [5]']);
  e.publish(6);
  bus.pass(2000);
  bus.bus.hub.sweep(0);
  member.catchUp(1000);
  expect(news()).toEqual(['gap e 6-6 history']);
  expect(member.ledger()).toMatchObject({ published: 6, delivered: 2, missed: 4, pending: 0 });
});

test('ephemeral topics tell a laggard how many there were, and no more', () => {
  const bus = new TestBus();
  const x = bus.numbers('x', 'ephemeral');
  const { member, news } = bus.subscribe('x');
  news();
  member.hold('slow');
  x.publish(1, 2);
  member.catchUp(1000);
  expect(news()).toEqual(['mark x 1-2 2 slow 0 ms']);
});

test('a laggard of a table whose removals are forgotten gets all rows, and is rid of the others', () => {
  const bus = new TestBus();
  const t = bus.numbers('t', 'keyed');
  t.set('stays', 1);
  t.set('goes', 2);
  const { member, news } = bus.subscribe('t');
  news();
  member.hold('slow');
  t.remove('goes');
  for (let row = 0; row < 64; row++) t.remove(`k${row}`);
  member.catchUp(1000);
  expect(news()).toEqual(['mark t 3-67 65 slow 0 ms', 'snapshot t 67: stays [1]']);
});

test('a topic that was born while it lagged is introduced first', () => {
  const bus = new TestBus();
  const { member, read } = bus.subscribe('>');
  member.hold('slow');
  bus.numbers('a').publish(1, 2);
  bus.turn();
  expect(read()).toEqual([]);
  member.catchUp(1000);
  expect(read()).toEqual(['schema 1', 'topic a', 'mark a 1-1 1 slow 0 ms', 'data a 2 [2]']);
});

test('a laggard that comes back goes on with its stream without a gap or a second copy', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const others = bus.subscribe('a');
  const { member, news } = bus.subscribe('a');
  news();
  member.hold('slow');
  a.publish(1);
  bus.turn();
  a.publish(2);
  member.catchUp(1000);
  member.release(); // in mid-turn, while its stream holds publication 2
  a.publish(3);
  bus.turn();
  expect(news()).toEqual(['mark a 1-1 1 slow 0 ms', 'data a 2 [2]', 'data a 3 [3]']);
  expect(others.news().slice(-3)).toEqual(['data a 1 [1]', 'data a 2 [2]', 'data a 3 [3]']);
});

test('a pause holds everything back, and ends with one newest value that says why', () => {
  const bus = new TestBus();
  const [a, e] = [bus.numbers('a'), bus.numbers('e', 'event')];
  const { member, news } = bus.subscribe('>');
  news();
  member.hold('paused');
  a.publish(1, 2, 3);
  e.publish(1, 2);
  bus.pass(1000);
  expect(member.catchUp(1000)).toBe('caught up');
  member.release();
  member.hold('slow');
  expect([member.isPaused, news()]).toEqual([true, []]);
  member.resume();
  member.hold('slow'); // which changes nothing of why it was away
  member.catchUp(1000);
  expect(news()).toEqual(['mark a 1-2 2 paused 1000 ms', 'data a 3 [3]', 'data e 1 [1]', 'data e 2 [2]']);
  a.publish(4, 5);
  member.join(1000);
  expect(news()).toEqual(['mark a 4-4 1 slow 0 ms', 'data a 5 [5]']);
  expect(member.isOn).toBe(true);
});

test('a long welcome comes in parts, and what happens meanwhile is not lost', () => {
  const bus = new TestBus();
  const topics = Array.from({ length: 5 }, (_, i) => bus.numbers(`a${i}`));
  for (const topic of topics) topic.publish(1);
  const { member, news } = bus.join('>');
  expect(member.join(30)).toBe('more');
  topics[0]!.publish(2);
  topics[4]!.publish(2);
  bus.turn();
  while (member.catchUp(30) === 'more');
  member.release();
  expect(news()).toEqual([
    'snapshot a0 1: [1]',
    'snapshot a1 1: [1]',
    'snapshot a2 1: [1]',
    'snapshot a3 1: [1]',
    'snapshot a4 2: [2]',
    'data a0 2 [2]',
  ]);
});

test('a topic born before a paused subscriber was told anything still begins with its first publication', () => {
  const bus = new TestBus();
  bus.numbers('a').publish(1);
  const { member, news } = bus.join('>', {}, {}, 'slow');
  bus.numbers('e', 'event').publish(1, 2);
  member.hold('paused');
  member.resume();
  member.join(10_000);
  expect(news()).toEqual(['snapshot a 1: [1]', 'data e 1 [1]', 'data e 2 [2]']);
});

test('bringUp tells everything up to now, beats or not, and the stream goes on behind it', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { hub } = bus.bus;
  const { member, news } = bus.subscribe('a', { maxRate: 1 });
  a.publish(1);
  bus.turn();
  a.publish(2);
  news();
  expect(member.bringUp(hub.topic('a')!)?.state.seq).toBe(2);
  expect(news()).toEqual(['data a 2 [2]']);
  bus.pass(1000);
  a.publish(3);
  bus.pass(1000);
  expect(news()).toEqual(['data a 3 [3]']);
  bus.numbers('b');
  expect(member.bringUp(hub.topic('b')!)).toBeUndefined();
});

test('refresh tells the whole state of one topic in place of what is held', () => {
  const bus = new TestBus();
  const t = bus.numbers('t', 'keyed');
  t.set('x', 1);
  const { member, news } = bus.subscribe('t');
  news();
  t.set('y', 2);
  expect(member.refresh(bus.bus.hub.topic('t')!)).toBe(true);
  expect(news()).toEqual(['data t 2 y [2]', 'snapshot t 2: x [1], y [2]']);
  member.hold('paused');
  expect(member.refresh(bus.bus.hub.topic('t')!)).toBe(false);
  expect(news()).toEqual([]);
});

test('a change of rate goes on exactly where the subscription was', () => {
  const bus = new TestBus();
  const [a, e] = [bus.numbers('a'), bus.numbers('e', 'event')];
  const before = bus.subscribe('>', { maxRate: 1 });
  a.publish(1);
  e.publish(1);
  bus.turn();
  a.publish(2, 3); // wait for their beat
  before.news();
  const after = changed(bus, before, {});
  e.publish(2);
  a.publish(4);
  bus.turn();
  expect(before.news()).toEqual([]);
  expect(after.news()).toEqual([
    'snapshot a 1: no rows',
    'snapshot e 1: no rows',
    'mark a 2-2 1 rate 0 ms',
    'data a 3 [3]',
    'data e 2 [2]',
    'data a 4 [4]',
  ]);
});

test('what was skipped before a change keeps its reason', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const before = bus.subscribe('a');
  before.member.hold('paused');
  a.publish(1, 2);
  const after = changed(bus, before, { maxRate: 1 });
  expect(after.news()).toEqual(['snapshot a 0: no rows', 'mark a 1-1 1 paused 0 ms', 'data a 2 [2]']);
});

test('a change of fields or filter brings the state anew', () => {
  const bus = new TestBus();
  const t = bus.numbers('t', 'keyed');
  t.set('x', 1);
  t.set('y', 20);
  const before = bus.subscribe('t');
  const after = changed(bus, before, { filter: 'value > 10' }, { refresh: true });
  expect(after.news()).toEqual(['snapshot t 2: y [20]']);
});

test('a value that matched before is not lost with a change of rate, though the newest does not match', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const before = bus.subscribe('a', { filter: 'value > 10', maxRate: 0.1 });
  a.publish(1);
  bus.turn();
  a.publish(11, 2);
  const after = changed(bus, before, { filter: 'value > 10', maxRate: 5 });
  expect(after.news()).toEqual(['snapshot a 1: no rows', 'data a 2 [11]', 'mark a 3-3 1 filter 0 ms']);
});

test('a change within a change that was not told yet still brings the state anew', () => {
  const bus = new TestBus();
  const t = bus.numbers('t', 'keyed');
  t.set('x', 20);
  const first = bus.subscribe('t');
  first.member.hold('slow');
  const second = successor(bus, first, { filter: 'value > 10' }, { refresh: true }, 'slow');
  const third = successor(bus, second, { filter: 'value > 10', maxRate: 1 }, {}, 'slow');
  third.member.catchUp(1000);
  expect(third.news()).toEqual(['snapshot t 1: x [20]']);
});

test('a change before a slow subscriber was told anything still answers what it asked for', () => {
  const bus = new TestBus();
  const [a, e] = [bus.numbers('a'), bus.numbers('e', 'event')];
  a.publish(20);
  e.publish(20, 1, 30);
  const at = (name: string, seq: number) => [bus.bus.hub.topic(name)!.topic.epoch, seq] as const;
  const since = { positions: { a: at('a', 1), e: at('e', 1) } };
  const changedTo = (view: ViewRequest, refresh: boolean) => {
    const first = bus.join('>', {}, { since }, 'slow');
    const { member, news } = successor(bus, first, view, { refresh }, 'slow');
    member.catchUp(1000);
    return news();
  };
  expect(changedTo({ maxRate: 1 }, false)).toEqual([
    'snapshot a 1: no rows, recovered',
    'snapshot e 1: no rows, recovered',
    'data e 2 [1]',
    'data e 3 [30]',
  ]);
  expect(changedTo({ filter: 'value > 10' }, true)).toEqual([
    'snapshot a 1: [20], lost (116)', // what is held is of another view
    'snapshot e 1: no rows, recovered',
    'mark e 2-2 1 filter 0 ms',
    'data e 3 [30]',
  ]);
});

test('who leaves is told nothing more, and what it was not told counts no more', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { member, news } = bus.subscribe('a');
  a.publish(1);
  member.hold('slow');
  a.publish(2);
  news();
  bus.bus.hub.leave(member);
  bus.turn();
  member.catchUp(1000);
  member.release();
  member.hold('paused');
  expect(news()).toEqual([]);
  expect(member.ledger()).toMatchObject({ published: 1, delivered: 1, pending: 0 });
});

/** What CHANGE does. */
function changed(bus: TestBus, before: TestSubscriber, view: ViewRequest, how: Partial<Start> = {}): TestSubscriber {
  const after = successor(bus, before, view, how, 'settling');
  after.member.join(10_000);
  return after;
}

function successor(
  bus: TestBus,
  { member }: TestSubscriber,
  view: ViewRequest,
  how: Partial<Start>,
  why: 'slow' | 'settling',
): TestSubscriber {
  member.hold('slow');
  const after = bus.join(member.stream.patterns[0]!, view, { from: member.handOver(), ...how }, why);
  bus.bus.hub.leave(member);
  return after;
}
