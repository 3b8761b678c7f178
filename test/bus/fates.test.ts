import { expect, test } from 'vitest';
import { TestBus } from '../support/test-bus.ts';

test('what goes to all subscribers of a stream counts for each of them', () => {
  const bus = new TestBus();
  const topic = bus.numbers('a.b');
  for (let i = 0; i < 3; i++) bus.subscribe('a.*');
  topic.publish(1, 2);
  bus.turn();
  expect(bus.bus.hub.fates.delivered).toBe(6);
  expect(bus.bus.hub.counts.encodes).toBe(2);
});

test('nobody on a stream, nothing delivered', () => {
  const bus = new TestBus();
  const topic = bus.numbers('a.b');
  bus.subscribe('a.*').member.hold('paused');
  topic.publish(1, 2, 3);
  bus.turn();
  expect(bus.bus.hub.fates.delivered).toBe(0);
  expect(bus.bus.hub.pending(100)).toBe(3);
});

test('what is left out counts by its reason', () => {
  const bus = new TestBus();
  const topic = bus.numbers('a.b');
  const slow = bus.subscribe('a.*');
  const paused = bus.subscribe('a.b');
  for (let i = 0; i < 2; i++) bus.subscribe('a.b', { maxRate: 1 });
  slow.member.hold('slow');
  paused.member.hold('paused');
  topic.publish(1, 2, 3);
  bus.pass(2000);
  slow.member.catchUp(1000);
  paused.member.resume();
  paused.member.catchUp(1000);
  expect(bus.bus.hub.fates.conflated).toEqual({ slow: 2, paused: 2, rate: 4 });
  expect(bus.bus.hub.pending(100)).toBe(0);
});

test('pending looks at no more topics than it may', () => {
  const bus = new TestBus();
  const topics = [1, 2, 3].map((n) => bus.numbers(`a.t${n}`));
  for (let i = 0; i < 4; i++) bus.subscribe('a.*').member.hold('paused');
  for (const topic of topics) topic.publish(1);
  expect(bus.bus.hub.pending(100)).toBe(12);
  expect(bus.bus.hub.pending(7)).toBe(6);
});

test('a topic that fell silent is missed where somebody follows it', () => {
  const bus = new TestBus();
  const followed = bus.numbers('a.b', 'latest', { maxSilenceMs: 1000 });
  const alone = bus.numbers('c.d', 'latest', { maxSilenceMs: 1000 });
  const { hub } = bus.bus;
  const subscriber = bus.subscribe('a.*', { maxRate: 10 });
  followed.publish(1);
  alone.publish(1);
  const sweep = () => {
    bus.pass(1500);
    hub.sweep(bus.nowMs * 1000);
  };
  sweep();
  sweep();
  expect(hub.counts.staleTopics).toBe(2);
  expect(hub.missedTopics()).toBe(1);
  hub.leave(subscriber.member);
  expect(hub.missedTopics()).toBe(0);
  bus.subscribe('>');
  expect(hub.missedTopics()).toBe(2);
  followed.publish(2);
  alone.publish(2);
  expect(hub.missedTopics()).toBe(0);
});
