import { expect, test } from 'vitest';
import { ServerClock } from '../../src/client/server-clock.ts';
import { ManualTime } from '../support/manual-time.ts';

/** One exchange with a server that is `aheadMs` before us. */
function exchange(clock: ServerClock, time: ManualTime, aheadMs: number, outMs: number, backMs: number) {
  const t0 = clock.begin();
  time.pass(outMs);
  const t1 = (time.now() + aheadMs) * 1000;
  time.pass(2);
  const t2 = (time.now() + aheadMs) * 1000;
  time.pass(backMs);
  return clock.end(t0, { t1, t2 });
}

test('an exchange tells the way there and back without the time at the server, and the offset', () => {
  const time = new ManualTime();
  const clock = new ServerClock(time);
  expect(clock.now()).toBe(time.now());
  expect(exchange(clock, time, 3_600_000, 10, 10)).toEqual({ rttMs: 20, offsetMs: 3_600_000 });
  expect(clock.now()).toBe(time.now() + 3_600_000);
});

test('the quickest of the last eight exchanges is believed', () => {
  const time = new ManualTime();
  const clock = new ServerClock(time);
  exchange(clock, time, 500, 5, 5);
  exchange(clock, time, 500, 100, 0);
  expect(clock.now()).toBe(time.now() + 500);
  for (let i = 0; i < 8; i++) exchange(clock, time, 900, 20, 20);
  expect(clock.now()).toBe(time.now() + 900);
});

test('setting our own clock does not move the server time', () => {
  const time = new ManualTime();
  const clock = new ServerClock(time);
  exchange(clock, time, 0, 5, 5);
  const before = clock.now();
  time.wallShiftMs = -7_200_000;
  expect(clock.now()).toBe(before);
});

test('timestamps are never the same twice, and answers to none of them are passed over', () => {
  const time = new ManualTime();
  const clock = new ServerClock(time);
  const [first, second] = [clock.begin(), clock.begin()];
  expect(second).toBe(first + 1);
  expect(clock.end(first - 1, { t1: 0, t2: 0 })).toBeUndefined();
  clock.forget();
  expect(clock.end(first, { t1: 0, t2: 0 })).toBeUndefined();
  expect(clock.now()).toBe(time.now());
});
