import { expect, test } from 'vitest';
import { systemClock, systemClockLimits, type TimeSource } from '../../src/feed/clock.ts';

test('a clock tells microseconds between two milliseconds of the wall', () => {
  const machine = fakeMachine();
  const clock = systemClock(machine);
  const before = clock.now();
  machine.pass(0.25);
  expect(clock.now() - before).toBe(250);
  expect(Number.isInteger(clock.now())).toBe(true);
});

test('a wall that is set is followed from 50 ms on, and not for less', () => {
  const machine = fakeMachine();
  const clock = systemClock(machine);
  const before = clock.now();
  machine.setWall(40);
  expect(clock.now()).toBe(before);
  machine.setWall(60);
  expect(clock.now() - before).toBe(100_000);
});

test('a beat on absolute deadlines has not drifted after 10,000 beats on a machine that is always late', () => {
  const machine = fakeMachine({ lateMs: 0.7 });
  const clock = systemClock(machine);
  const first = clock.now() + 10_000;
  const lateness: number[] = [];
  const beat = (due: number) => {
    clock.at(due, () => {
      lateness.push(clock.now() - due);
      beat(due + 10_000);
    });
  };
  beat(first);
  while (lateness.length < 10_000) machine.wake();
  expect(Math.max(...lateness)).toBeLessThanOrEqual(1_700); // 0.7 ms late, and timers of whole milliseconds
  expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
});

test('a machine that wakes early is put to sleep again: nothing runs before it is due', () => {
  const machine = fakeMachine({ lateMs: -0.9 });
  const clock = systemClock(machine);
  const due = clock.now() + 5_000;
  const ran: number[] = [];
  clock.at(due, () => ran.push(clock.now()));
  while (ran.length === 0) machine.wake();
  expect(ran[0]).toBeGreaterThanOrEqual(due);
});

test('a deadline beyond what setTimeout can hold is kept', () => {
  const machine = fakeMachine();
  const clock = systemClock(machine);
  const due = clock.now() + 30 * 86_400 * 1_000_000;
  const ran: number[] = [];
  clock.at(due, () => ran.push(clock.now()));
  while (ran.length === 0) machine.wake();
  expect(ran).toEqual([due]);
  expect(machine.longestMs()).toBe(systemClockLimits.longestWaitMs);
});

test('a wall set back by an hour does not hold up a timer for an hour', () => {
  const machine = fakeMachine();
  const clock = systemClock(machine);
  const ran: number[] = [];
  clock.at(clock.now() + 1_000_000, () => ran.push(machine.monotonicMs()));
  const setAtMs = machine.monotonicMs();
  machine.setWall(-3_600_000);
  for (let i = 0; i < 5 && ran.length === 0; i++) machine.wake();
  expect(ran).toEqual([setAtMs + 1000]);
});

test('a cancelled timer does not run, also after it was armed again', () => {
  const machine = fakeMachine();
  const clock = systemClock(machine);
  let runs = 0;
  const cancel = clock.at(clock.now() + 2 * systemClockLimits.longestWaitMs * 1000, () => runs++);
  machine.wake();
  cancel();
  cancel();
  expect(machine.sleepers()).toBe(0);
  expect(runs).toBe(0);
});

test("the machine's own clock agrees with Date.now and runs what is due, never within the call", async () => {
  const clock = systemClock();
  expect(Math.abs(clock.now() / 1000 - Date.now())).toBeLessThan(60);
  let isCalling = true;
  const wasCalling = await new Promise((resolve) => {
    clock.at(clock.now() - 5, () => resolve(isCalling));
    isCalling = false;
  });
  expect(wasCalling).toBe(false);
  const due = clock.now() + 3_000;
  const at = await new Promise<number>((resolve) => clock.at(due, () => resolve(clock.now())));
  expect(at).toBeGreaterThanOrEqual(due);
  clock.at(clock.now(), () => expect.unreachable())();
});

/** A machine whose time passes only as it sleeps, and that wakes a little late or early. */
function fakeMachine({ lateMs = 0 }: { lateMs?: number } = {}) {
  let monotonicMs = 12_345;
  let wallOffsetMs = 1_767_571_200_000 - monotonicMs;
  let longestMs = 0;
  const sleepers = new Set<{ atMs: number; run: () => void }>();
  const source: TimeSource = {
    wallMs: () => Math.floor(monotonicMs + wallOffsetMs),
    monotonicMs: () => monotonicMs,
    after(delayMs, run) {
      longestMs = Math.max(longestMs, delayMs);
      const sleeper = { atMs: monotonicMs + Math.max(0, delayMs + lateMs), run };
      sleepers.add(sleeper);
      return () => void sleepers.delete(sleeper);
    },
  };
  return {
    ...source,
    pass: (ms: number) => {
      monotonicMs += ms;
    },
    setWall: (byMs: number) => {
      wallOffsetMs += byMs;
    },
    wake: () => {
      const [soonest] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
      if (soonest === undefined) throw new Error('nobody sleeps');
      sleepers.delete(soonest);
      monotonicMs = Math.max(monotonicMs, soonest.atMs);
      soonest.run();
    },
    sleepers: () => sleepers.size,
    longestMs: () => longestMs,
  };
}
