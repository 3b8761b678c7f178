import { describe, expect, test } from 'vitest';
import type { BusOptions } from '../../src/bus/index.ts';
import type { Position, ViewRequest } from '../../src/protocol/index.ts';
import { TestBus } from '../support/test-bus.ts';

describe('behind a position', () => {
  test('nothing new: what is held is still right', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(1, 2);
    bus.numbers('e', 'event').publish(1, 2);
    expect(resume(bus, '>', { a: 2, e: 2 })).toEqual([
      'snapshot a 2: no rows, recovered',
      'snapshot e 2: no rows, recovered',
    ]);
  });

  test('a stream that began after the last match can not say that what is held is still right', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(20, 1);
    const view = { filter: 'value > 10' };
    expect(resume(bus, 'a', { a: 2 }, view)).toEqual(['snapshot a 2: no rows, lost (116)']);
    bus.subscribe('a', view);
    bus.numbers('a').publish(30, 2);
    expect(resume(bus, 'a', { a: 4 }, view)).toEqual(['snapshot a 4: no rows, recovered']);
  });

  test('missed events come once, in order', () => {
    const bus = new TestBus();
    bus.numbers('e', 'event').publish(1, 2, 3, 4);
    expect(resume(bus, 'e', { e: 2 })).toEqual(['snapshot e 2: no rows, recovered', 'data e 3 [3]', 'data e 4 [4]']);
  });

  test('of events that no longer are in history a gap names the lost ones, and the rest comes', () => {
    const bus = new TestBus(keeping(2));
    bus.numbers('e', 'event').publish(1, 2, 3, 4, 5);
    expect(resume(bus, 'e', { e: 1 })).toEqual([
      'snapshot e 1: no rows, lost (116)',
      'gap e 2-3 history',
      'data e 4 [4]',
      'data e 5 [5]',
    ]);
    expect(resume(bus, 'e', { e: 3 })[0]).toBe('snapshot e 3: no rows, recovered');
  });

  test('an event topic without a history loses everything, and says so', () => {
    const bus = new TestBus(keeping(undefined));
    bus.numbers('e', 'event').publish(1, 2, 3);
    expect(resume(bus, 'e', { e: 1 })).toEqual(['snapshot e 1: no rows, lost (116)', 'gap e 2-3 history']);
  });

  test('of values and rows the present stands for what was missed', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(1, 2, 3);
    const t = bus.numbers('t', 'keyed');
    for (const key of ['x', 'y', 'z']) t.set(key, 1);
    t.remove('y');
    expect(resume(bus, '>', { a: 1, t: 2 })).toEqual([
      'snapshot a 3: [3], lost (116)',
      'snapshot t 4: x [1], z [1], lost (116)',
    ]);
  });

  test('another life of the topic begins anew, and events from its first', () => {
    const bus = new TestBus(keeping(2));
    bus.numbers('a').publish(1, 2);
    bus.numbers('e', 'event').publish(1, 2, 3);
    expect(resume(bus, '>', { a: ['other', 2], e: ['other', 3] })).toEqual([
      'snapshot a 2: [2], lost (110)',
      'snapshot e 0: no rows, lost (110)',
      'gap e 1-1 history',
      'data e 2 [2]',
      'data e 3 [3]',
    ]);
  });

  test('a position that is still to come is not believed', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(1, 2);
    bus.numbers('e', 'event').publish(1);
    expect(resume(bus, '>', { a: 3, e: 9 })).toEqual([
      'snapshot a 2: [2], lost (115)',
      'snapshot e 1: no rows, lost (115)',
    ]);
  });

  test('a topic that is not listed was never seen', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(1);
    bus.numbers('e', 'event').publish(1, 2);
    bus.numbers('new');
    expect(resume(bus, '>', {})).toEqual([
      'snapshot a 1: [1], lost (116)',
      'snapshot e 0: no rows, recovered',
      'snapshot new 0: no rows, recovered',
      'data e 1 [1]',
      'data e 2 [2]',
    ]);
  });

  test('a topic called like a part of every object is a topic like any other', () => {
    const bus = new TestBus();
    bus.numbers('toString').publish(1);
    bus.numbers('__proto__').publish(1);
    expect(resume(bus, '>', {})).toEqual([
      'snapshot toString 1: [1], lost (116)',
      'snapshot __proto__ 1: [1], lost (116)',
    ]);
  });

  test('missed events pass the filter and show the fields, too', () => {
    const bus = new TestBus();
    const e = bus.topic('e', 'event');
    for (const bid of [1, 20, 2, 30, 3]) e.publish({ bid, ask: 7 * bid }, { ts: 0 });
    expect(resume(bus, 'e', { e: 1 }, { filter: 'bid > 10', fields: ['ask'] })).toEqual([
      'snapshot e 1: no rows, recovered',
      'data e 2 [140]',
      'mark e 3-3 1 filter 0 ms',
      'data e 4 [210]',
      'mark e 5-5 1 filter 0 ms',
    ]);
  });

  test('a slow reader is told what history held when it was read, and a gap where it was too slow for that', () => {
    const bus = new TestBus(keeping(3));
    const e = bus.numbers('e', 'event');
    e.publish(1, 2, 3);
    const epoch = bus.bus.hub.topic('e')!.topic.epoch;
    const { member, news } = bus.join('e', {}, { since: { positions: { e: [epoch, 0] } } }, 'slow');
    expect([member.catchUp(1), news()]).toEqual(['more', ['snapshot e 0: no rows, recovered']]);
    e.publish(4);
    member.catchUp(1000);
    expect(news()).toEqual(['gap e 1-1 history', 'data e 2 [2]', 'data e 3 [3]', 'data e 4 [4]']);
    expect(member.ledger()).toMatchObject({ published: 4, delivered: 3, missed: 1, pending: 0 });
  });
});

describe('some way back', () => {
  test('the last publications of topics with a history come again, then the present', () => {
    const bus = new TestBus();
    bus.numbers('a').publish(1, 2, 3);
    const e = bus.numbers('e', 'event');
    e.publish(1, 2, 3);
    const { news, member } = bus.subscribe('>', {}, { since: { last: 2 } });
    expect(news()).toEqual(['snapshot a 3: [3]', 'snapshot e 1: no rows', 'data e 2 [2]', 'data e 3 [3]']);
    e.publish(4);
    bus.turn();
    expect(news()).toEqual(['data e 4 [4]']);
    expect(member.ledger()).toMatchObject({ published: 3, delivered: 3 });
  });

  test('more than there is: as far as history goes', () => {
    const bus = new TestBus(keeping(2));
    bus.numbers('e', 'event').publish(1, 2, 3);
    const { news } = bus.subscribe('e', {}, { since: { last: 1000 } });
    expect(news()).toEqual(['snapshot e 1: no rows', 'data e 2 [2]', 'data e 3 [3]']);
  });

  test('from a time on', () => {
    const bus = new TestBus();
    const e = bus.numbers('e', 'event');
    for (let i = 1; i <= 4; i++) {
      e.publish(i);
      bus.pass(1000);
    }
    const since = (ts: number) => bus.subscribe('e', {}, { since: { ts } }).news();
    expect(since(1_500_000)).toEqual(['snapshot e 2: no rows', 'data e 3 [3]', 'data e 4 [4]']);
    expect(since(9_000_000)).toEqual(['snapshot e 4: no rows']);
  });

  test('older values of a topic with one value come in order, those that do not match are announced', () => {
    const bus = new TestBus(keeping(10));
    bus.numbers('a').publish(1, 20, 3, 40, 5);
    const { news, member } = bus.subscribe('a', { filter: 'value > 10' }, { since: { last: 4 } });
    expect(news()).toEqual([
      'snapshot a 1: no rows',
      'data a 2 [20]',
      'mark a 3-3 1 filter 0 ms',
      'data a 4 [40]',
      'mark a 5-5 1 filter 0 ms',
    ]);
    expect(member.ledger()).toMatchObject({ published: 4, delivered: 2, filtered: 2, pending: 0 });
  });

  test('a topic with one value always begins with it, though nothing that matches is as new as was asked', () => {
    const bus = new TestBus(keeping(10));
    bus.numbers('a').publish(1, 20, 3);
    expect(bus.subscribe('a', {}, { since: { ts: 1 } }).news()).toEqual(['snapshot a 3: [3]']);
    expect(bus.subscribe('a', { filter: 'value > 10' }, { since: { last: 1 } }).news()).toEqual(['snapshot a 3: [20]']);
  });
});

/** What a subscriber that comes back with these positions is told. A number is one in the present epoch. */
function resume(
  bus: TestBus,
  pattern: string,
  seen: Readonly<Record<string, number | Position>>,
  view: ViewRequest = {},
): string[] {
  const positions: Record<string, Position> = Object.create(null);
  for (const [name, position] of Object.entries(seen)) {
    const epoch = bus.bus.hub.topic(name)!.topic.epoch;
    positions[name] = typeof position === 'number' ? [epoch, position] : position;
  }
  return bus.subscribe(pattern, view, { since: { positions } }).news();
}

function keeping(maxCount: number | undefined): Partial<BusOptions> {
  return {
    historyLimitsOf: () => (maxCount === undefined ? undefined : { maxCount, maxBytes: 100_000, maxAgeMs: 60_000 }),
  };
}
