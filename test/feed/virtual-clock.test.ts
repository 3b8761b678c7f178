import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../src/feed/virtual-clock.ts';

test('timers run in order of due time, ties in order of scheduling, each at its own time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), async (dues) => {
      const clock = createVirtualClock(100);
      const ran: { due: number; i: number; now: number }[] = [];
      for (const [i, due] of dues.entries()) clock.at(100 + due, () => ran.push({ due, i, now: clock.now() - 100 }));
      await clock.advanceTo(120);
      const expected = dues.map((due, i) => ({ due, i, now: due })).sort((a, b) => a.due - b.due || a.i - b.i);
      expect(ran).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('time stops where it was told to, and a timer due later stays', async () => {
  const clock = createVirtualClock(0);
  const ran: number[] = [];
  clock.at(10, () => ran.push(clock.now()));
  clock.at(11, () => ran.push(clock.now()));
  await clock.advanceTo(10);
  expect(ran).toEqual([10]);
  expect(clock.now()).toBe(10);
  await clock.advanceTo(11);
  expect(ran).toEqual([10, 11]);
});

test('a timer set by a timer runs in the same advance, one in the past at once', async () => {
  const clock = createVirtualClock(0);
  const ran: number[] = [];
  clock.at(5, () => {
    clock.at(3, () => ran.push(clock.now()));
    clock.at(7, () => ran.push(clock.now()));
  });
  await clock.advanceTo(8);
  expect(ran).toEqual([5, 7]);
});

test('what a timer set going in promises has settled before the next timer runs', async () => {
  const clock = createVirtualClock(0);
  const ran: string[] = [];
  clock.at(1, async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
    ran.push('first, at its end');
  });
  clock.at(1, () => ran.push('second'));
  await clock.advanceTo(1);
  expect(ran).toEqual(['first, at its end', 'second']);
});

test('a cancelled timer does not run', async () => {
  const clock = createVirtualClock(0);
  const cancel = clock.at(1, () => expect.unreachable());
  cancel();
  cancel();
  await clock.advanceTo(2);
});

test('time stands still while somebody is busy, but not for ever', async () => {
  const clock = createVirtualClock(0, { patienceMs: 30 });
  let isBusy = true;
  clock.holdWhile?.(() => isBusy);
  const seen: boolean[] = [];
  clock.at(1, () => seen.push(isBusy));
  setTimeout(() => {
    isBusy = false;
  }, 5);
  await clock.advanceTo(1);
  expect(seen).toEqual([false]);

  isBusy = true;
  clock.at(2, () => seen.push(isBusy));
  await clock.advanceTo(2);
  expect(seen).toEqual([false, true]);
});

test('time goes neither back nor two ways at once', async () => {
  const clock = createVirtualClock(10);
  await expect(clock.advanceTo(9)).rejects.toThrow("can't go back from 10 to 9");
  const first = clock.advanceTo(20);
  await expect(clock.advanceTo(30)).rejects.toThrow('already being advanced');
  await first;
  expect(clock.now()).toBe(20);
});
