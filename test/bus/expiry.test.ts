import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Expiry, type OriginTime, RowTimes } from '../../src/bus/expiry.ts';
import { ManualTime } from '../support/manual-time.ts';

test('a row expires when its time is over, and once', () => {
  const { time, rows, expired } = setUp();
  rows.set('a', 1000);
  time.pass(999);
  expect(expired).toEqual([]);
  time.pass(1);
  expect(expired).toEqual(['a']);
  time.pass(10_000);
  expect(expired).toEqual(['a']);
});

test('the last word on a row counts: longer, shorter, or never', () => {
  const { time, rows, expired } = setUp();
  for (const key of ['longer', 'shorter', 'never', 'there and back']) rows.set(key, 1000);
  rows.set('longer', 3000);
  rows.set('shorter', 100);
  rows.set('never', undefined);
  rows.set('there and back', 5000);
  rows.set('there and back', 500);
  time.pass(100);
  expect(expired).toEqual(['shorter']);
  time.pass(400);
  expect(expired).toEqual(['shorter', 'there and back']);
  time.pass(2499);
  expect(expired).toEqual(['shorter', 'there and back']);
  time.pass(1);
  expect(expired).toEqual(['shorter', 'there and back', 'longer']);
  time.pass(100_000);
  expect(expired).toHaveLength(3);
});

test('one timer serves all rows, and none runs when there is nothing to wait for', () => {
  const { time, rows, expiry } = setUp();
  expect(time.timers).toBe(0);
  for (let i = 0; i < 100; i++) rows.set(`${i}`, 1000 + i);
  expect([time.timers, expiry.size]).toEqual([1, 100]);
  time.pass(2000);
  expect([time.timers, expiry.size]).toEqual([0, 0]);
});

test('rows that are refreshed cost the timer nothing until their first end is reached', () => {
  const { time, rows, expired, looks } = setUp();
  for (let i = 0; i < 1000; i++) {
    rows.set('a', 5000);
    time.pass(10);
  }
  expect(expired).toEqual([]);
  expect(looks.count).toBe(2);
});

test('a large table that expires at once lets others have their turn', () => {
  const { time, rows, expired, looks } = setUp();
  for (let i = 0; i < 2500; i++) rows.set(`${i}`, 1000);
  const soFar: number[] = [];
  looks.before = () => soFar.push(expired.length);
  time.pass(1000);
  expect(soFar).toEqual([0, 1000, 2000]);
  expect(expired).toHaveLength(2500);
});

test('nothing expires after stop', () => {
  const { time, rows, expired, expiry } = setUp();
  rows.set('a', 1000);
  expiry.stop();
  rows.set('b', 1000);
  expect(time.timers).toBe(0);
  time.pass(5000);
  expect(expired).toEqual([]);
});

test('what goes wrong with one row is told and keeps no other from its end', () => {
  const { time, expiry } = setUp();
  const expired: string[] = [];
  const rows = new RowTimes(expiry, (key) => {
    if (key === 'bad') throw new Error('bad row');
    expired.push(key);
  });
  rows.set('bad', 10);
  rows.set('good', 20);
  expect(() => time.pass(10)).toThrow('bad row');
  time.pass(10);
  expect(expired).toEqual(['good']);
});

test('however rows of several topics are set, changed and cleared, each ends when a plain list says', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('set'), key: fc.nat(9), ms: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ what: fc.constant('clear'), key: fc.nat(9), ms: fc.constant(0) }),
    fc.record({ what: fc.constant('wait'), key: fc.constant(0), ms: fc.nat(60) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const { time, expiry } = setUp();
      const expired: string[] = [];
      const told = (topic: number) => new RowTimes(expiry, (key) => expired.push(`${topic}${key}@${time.elapsed()}`));
      const topics = [told(0), told(1)];
      const model = new Map<number, number>();
      const expected: string[] = [];
      let now = 0;
      for (const { what, key, ms } of steps) {
        if (what === 'set') model.set(key, now + ms);
        if (what === 'clear') model.delete(key);
        if (what !== 'wait') topics[key % 2]!.set(`${key}`, what === 'set' ? ms : undefined);
        else {
          now += ms;
          for (const [one, due] of [...model].sort((a, b) => a[1] - b[1] || a[0] - b[0])) {
            if (due > now) continue;
            expected.push(`${one % 2}${one}@${due}`);
            model.delete(one);
          }
          time.pass(ms);
        }
        expect(expiry.size).toBe(model.size);
      }
      expect(expired.sort()).toEqual(expected.sort());
    }),
    { numRuns: 300 },
  );
});

function setUp() {
  const time = new ManualTime();
  const looks = { count: 0, before: (): unknown => undefined };
  const originTime: OriginTime = {
    now: () => time.now() * 1000,
    monotonicMs: time.elapsed,
    after: (delayMs, run) =>
      time.after(delayMs, () => {
        looks.count++;
        looks.before();
        run();
      }),
  };
  const expiry = new Expiry(originTime);
  const expired: string[] = [];
  return { time, looks, expiry, expired, rows: new RowTimes(expiry, (key) => void expired.push(key)) };
}
