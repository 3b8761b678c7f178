import { expect, test } from 'vitest';
import { TestBus } from '../support/test-bus.ts';

test('a topic that is silent for longer than it may be is stale, once, and live right before its next publication', () => {
  const { bus, a, look } = setUp();
  const { news } = bus.subscribe('a');
  news();
  a.publish(1);
  look(1000);
  look(1000);
  expect(news()).toEqual(['data a 1 [1]']);
  look(300);
  look(5000);
  expect(news()).toEqual(['stale a']);
  a.publish(2);
  a.publish(3);
  bus.turn();
  expect(news()).toEqual(['live a', 'data a 2 [2]', 'data a 3 [3]']);
  look(2000);
  look(2100);
  expect(news()).toEqual(['stale a']);
});

test('STATE tells since when, in the time of publications', () => {
  const { bus, a, look } = setUp();
  const { frames } = bus.subscribe('a');
  a.publish(1);
  look(100);
  look(3000);
  const stale = frames.find((frame) => frame.op === 'state');
  expect(stale).toMatchObject({ state: 'stale', since: 3_100_000 });
});

test('a topic that was never published, or may be silent for ever, is never stale', () => {
  const { bus, look } = setUp();
  bus.numbers('free').publish(1);
  const { news } = bus.subscribe('>');
  news();
  for (let i = 0; i < 10; i++) look(10_000);
  expect(news()).toEqual([]);
});

test('streams with a view of their own hear of it as well', () => {
  const { bus, a, look } = setUp();
  const { news } = bus.subscribe('a', { maxRate: 0.1, filter: 'value > 10' });
  a.publish(1);
  news();
  look(100);
  look(3000);
  expect(news()).toEqual(['mark a 1-1 1 filter 0 ms', 'stale a']);
});

test('who joins later is told of it behind the value, from the made welcome and from one in parts', () => {
  const { bus, a, look } = setUp();
  a.publish(1);
  look(100);
  look(3000);
  expect(bus.subscribe('a').news()).toEqual(['snapshot a 1: [1]', 'stale a']);
  const slowly = bus.join('a', {}, { since: { last: 1 } });
  slowly.member.join(10_000);
  expect(slowly.news()).toEqual(['snapshot a 1: [1]', 'stale a']);
  a.publish(2);
  expect(bus.subscribe('a').news()).toEqual(['snapshot a 2: [2]']);
});

test('a laggard is told once it reads, and only of what is otherwise than it was', () => {
  const { bus, a, look } = setUp();
  const b = bus.numbers('b', 'latest', { maxSilenceMs: 2000 });
  const { member, news } = bus.subscribe('>');
  a.publish(1);
  look(100);
  news();
  member.hold('slow');
  look(3000);
  expect([member.catchUp(1000), news()]).toEqual(['caught up', ['stale a']]);
  expect([member.catchUp(1000), news()]).toEqual(['caught up', []]);
  a.publish(2);
  b.publish(1);
  member.catchUp(1000);
  member.release();
  expect(news()).toEqual(['data a 2 [2]', 'data b 1 [1]', 'live a']);
  look(100);
  look(3000);
  expect(news().toSorted()).toEqual(['stale a', 'stale b']);
});

test('with no room a laggard is not told of it too early', () => {
  const { bus, a, look } = setUp();
  const { member, news } = bus.subscribe('a');
  a.publish(1);
  look(100);
  news();
  member.hold('slow');
  a.publish(2);
  look(100);
  look(3000);
  expect([member.catchUp(0), news()]).toEqual(['more', []]);
  expect([member.catchUp(1), news()]).toEqual(['caught up', ['data a 2 [2]', 'stale a']]);
});

function setUp() {
  const bus = new TestBus();
  const a = bus.numbers('a', 'latest', { maxSilenceMs: 2000 });
  const look = (afterMs: number) => {
    bus.pass(afterMs);
    bus.bus.hub.sweep(bus.nowMs * 1000);
    bus.turn();
  };
  return { bus, a, look };
}
