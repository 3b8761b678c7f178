import { expect, test } from 'vitest';
import { ByteBudget } from '../../src/server/byte-budget.ts';
import { serverDefaults } from '../../src/server/options.ts';
import { Pace, type Paced } from '../../src/server/pace.ts';

const options = { ...serverDefaults, highWaterBytes: 1000, lowWaterBytes: 100, lagMs: 1000, probeEveryMs: 500 };

test('a session that answers its probes stays on its streams', () => {
  const { pace, said, world } = paced();
  for (let now = 0; now < 5000; now += 100) {
    world.now = now;
    pace.look(now);
    if (world.probe !== undefined) pace.ponged(world.probe, now + 20);
    world.probe = undefined;
  }
  expect(said).toEqual([]);
  expect(pace.step).toBe('full');
  expect(pace.lagMs(5000)).toBe(20);
});

test('a session that was sent nothing is not probed', () => {
  const { pace, world } = paced();
  world.lastSentAt = 5000;
  pace.look(10_000);
  pace.ponged(10_000, 10_010);
  pace.look(20_000);
  expect(world.probes).toBe(1);
  world.lastSentAt = 15_000;
  pace.look(30_000);
  expect(world.probes).toBe(2);
});

test('who always answers at once is asked four times less often, and as often as others after one slow answer', () => {
  const { pace, world } = paced();
  const probesIn = (from: number, ms: number, roundTripMs: number) => {
    const before = world.probes;
    runUntil(pace, world, from, () => false, roundTripMs, ms);
    return world.probes - before;
  };
  probesIn(0, 20_000, 25);
  expect(probesIn(20_000, 20_000, 25)).toBe(10); // each 4 × 500 ms
  probesIn(40_000, 5000, 400);
  expect(probesIn(45_000, 5000, 400)).toBeGreaterThanOrEqual(9);
});

test('who could not be sent everything at once is asked as often as others, however prompt its answers were', () => {
  const { pace, world } = paced();
  for (const now of [0, 1000, 3000]) {
    pace.look(now);
    pace.ponged(now, now + 10);
  }
  expect(world.probes).toBe(3);
  pace.look(3500);
  expect(world.probes).toBe(3);
  world.buffered = 500; // not yet a laggard
  pace.look(3500);
  expect(world.probes).toBe(4);
});

test('who fell behind a while ago is asked as often as others for a minute, however prompt its answers are', () => {
  const { pace, world } = paced();
  const now = fallAndRise(pace, world, 10_000);
  runUntil(pace, world, now, () => false, 25, 50_000);
  const before = world.probes;
  runUntil(pace, world, now + 50_000, () => false, 25, 5000);
  expect(world.probes - before).toBe(10);
  runUntil(pace, world, now + 55_000, () => false, 25, 20_000);
  const patient = world.probes;
  runUntil(pace, world, now + 75_000, () => false, 25, 20_000);
  expect(world.probes - patient).toBe(10);
});

test('too many unsent bytes make a laggard', () => {
  const { pace, said, world } = paced();
  world.buffered = 1001;
  pace.look(0);
  expect(said).toEqual(['tell conflated 0 buffer', 'hold']);
});

test('an unanswered probe makes a laggard, though no byte waits', () => {
  const { pace, said } = paced();
  pace.look(0);
  pace.look(1000);
  expect(said).toEqual([]);
  pace.look(1001);
  expect(said).toEqual(['tell conflated 0 lag', 'hold']);
});

test('nothing is told while a probe is on its way; its answer calls for the newest, and the next prompt one for the streams', () => {
  const { pace, said, world } = paced();
  pace.look(0);
  pace.look(1001);
  said.length = 0;
  pace.look(20_000);
  expect(said).toEqual([]);

  world.toTell = 300;
  pace.ponged(0, 30_000);
  expect(said).toEqual(['catch up 300']);
  pace.ponged(world.probe!, 30_040);
  expect(said).toEqual(['catch up 300', 'catch up 0', 'release', 'tell full 0 caught up']);
  expect(pace.step).toBe('full');
});

test('what waits in our own buffer must leave before more is told', () => {
  const { pace, said, world } = paced();
  world.buffered = 5000;
  pace.look(0);
  said.length = 0;
  pace.ponged(world.probe!, 10);
  expect(said).toEqual([]);

  world.buffered = 100;
  pace.drained(20);
  expect(said.at(-1)).toBe('tell full 0 caught up');
});

test('a reader that can take little is sent little at a time', () => {
  const { pace, world } = paced();
  pace.look(0);
  pace.look(1001);
  world.toTell = 1_000_000;
  pace.ponged(0, 2000); // the first window
  expect(world.budgets).toEqual([16 * 1024]);
  pace.ponged(world.probe!, 4000); // 16 KB in two seconds: 4 KB in half of lagMs
  expect(world.budgets.at(-1)).toBe(4096);
  pace.ponged(world.probe!, 4100); // 4 KB in 0.1 s
  expect(world.budgets.at(-1)).toBe(20_480);
});

test('who falls behind again at once must keep up for longer before it is trusted', () => {
  const { pace, said, world } = paced();
  let now = fallAndRise(pace, world, 0);
  now += 100;
  world.buffered = 2000;
  pace.look(now);
  world.buffered = 0;
  expect(pace.step).toBe('conflated');
  const fellAt = now;
  while (pace.step !== 'full' && now < fellAt + 60_000) {
    now += 25;
    if (world.probe !== undefined) answer(pace, world, now);
    else pace.look(now);
  }
  expect(now - fellAt).toBeGreaterThanOrEqual(1000);
  expect(now - fellAt).toBeLessThan(1100);
  expect(said.filter((line) => line === 'release')).toHaveLength(2);
});

test('where even the newest is too much the rate goes down, and up again step by step once that is no trouble', () => {
  const { pace, said, world } = paced();
  let now = 0;
  pace.look(now);
  now = 1001;
  pace.look(now);
  world.toTell = 10_000_000;
  now = runUntil(pace, world, now, () => pace.step === 'limited', 200);
  expect(said.at(-1)).toBe(`tell limited ${options.limitedRate} even the newest values are too much`);
  world.toTell = 10;
  const limitedAt = now;
  const before = world.budgets.length;
  now = runUntil(pace, world, now, () => pace.step !== 'limited', 20);
  expect(now - limitedAt).toBeGreaterThan(10_000);
  expect(world.budgets.length - before).toBeLessThanOrEqual(13); // about once a second
  runUntil(pace, world, now, () => pace.step === 'full', 20);
  expect(said.filter((line) => line.startsWith('tell')).map((line) => line.split(' ')[1])).toEqual([
    'conflated',
    'limited',
    'conflated',
    'full',
  ]);
});

test('who asked for little is served on the ladder from the first, is sent no more than that, and never goes up', () => {
  const { pace, said, world } = paced();
  pace.limitTo(new ByteBudget(4000, 0), 0);
  expect(said).toEqual(['tell conflated 0 asked for at most 4000 bytes a second', 'hold']);
  world.toTell = 1_000_000;
  runUntil(pace, world, 0, () => false, 5, 30_000);
  const sent = world.budgets.reduce((total, budget) => total + budget, 0);
  expect(sent).toBeGreaterThan(4000 * 29);
  expect(sent).toBeLessThanOrEqual(4000 * 31); // and what may go at once
  expect(Math.min(...world.budgets.slice(1))).toBeGreaterThanOrEqual(512); // not value by value
  expect(pace.step).not.toBe('full');

  world.toTell = 0;
  runUntil(pace, world, 30_000, () => false, 5, 200_000); // nothing to read for longer than evictAfterMs
  expect(pace.step).toBe('conflated');
  expect(said.filter((line) => line === 'release' || line.startsWith('evict'))).toEqual([]);
});

test('a message longer than the budget is paid for by waiting', () => {
  const budget = new ByteBudget(1000, 0);
  budget.spend(4500);
  expect([0, 1000, 3500, 3600].map((now) => budget.room(now))).toEqual([0, 0, 0, 100]);
  expect(budget.room(100_000)).toBe(1000); // what was not used is not saved up
});

test('who reads nothing at all is closed after evictAfterMs, and not before', () => {
  const { pace, said } = paced();
  pace.look(0);
  pace.look(1001);
  pace.look(1001 + options.evictAfterMs);
  expect(said.some((line) => line.startsWith('evict'))).toBe(false);
  pace.look(1002 + options.evictAfterMs);
  expect(said.at(-1)).toBe('evict nothing was read for 60 s (evictAfterMs)');
});

test('who reads slowly, but reads, is not closed', () => {
  const { pace, said, world } = paced();
  pace.look(0);
  pace.look(1001);
  world.toTell = 10_000;
  runUntil(pace, world, 1001, () => false, 20_000, 600_000);
  expect(said.some((line) => line.startsWith('evict'))).toBe(false);
});

test('a buffer that is much too full and does not empty closes the session', () => {
  const { pace, said, world } = paced();
  world.buffered = options.evictBytes + 1;
  pace.look(0);
  pace.look(1000);
  expect(said.some((line) => line.startsWith('evict'))).toBe(false);
  pace.look(1001);
  expect(said.at(-1)).toContain('(evictBytes)');
});

function fallAndRise(pace: Pace, world: World, from: number): number {
  world.buffered = 2000;
  pace.look(from);
  world.buffered = 0;
  answer(pace, world, from + 10);
  expect(pace.step).toBe('full');
  return from + 10;
}

/** Each probe is answered after `roundTripMs`; looks fall every 25 ms. */
function runUntil(pace: Pace, world: World, from: number, isDone: () => boolean, roundTripMs: number, forMs = 120_000) {
  let now = from;
  for (; !isDone() && now < from + forMs; now += 25) {
    if (world.probe !== undefined && now - world.probe >= roundTripMs) answer(pace, world, now);
    else pace.look(now);
  }
  return now;
}

function answer(pace: Pace, world: World, now: number): void {
  const sentAt = world.probe!;
  world.probe = undefined;
  pace.ponged(sentAt, now);
}

type World = ReturnType<typeof paced>['world'];

function paced() {
  const said: string[] = [];
  const world = {
    now: 0,
    buffered: 0,
    lastSentAt: Number.POSITIVE_INFINITY,
    toTell: 0,
    probe: undefined as number | undefined,
    probes: 0,
    budgets: [] as number[],
  };
  const session: Paced = {
    bufferedBytes: () => world.buffered,
    lastSentAt: () => world.lastSentAt,
    probe: (at) => {
      world.probe = at;
      world.probes++;
    },
    answered: () => {},
    hold: () => said.push('hold'),
    catchUp: (budgetBytes) => {
      const bytes = Math.min(world.toTell, budgetBytes);
      const outcome = world.toTell > budgetBytes ? 'more' : 'caught up';
      if (world.toTell < 1000) world.toTell -= bytes;
      world.budgets.push(budgetBytes);
      said.push(`catch up ${bytes}`);
      return { outcome, bytes };
    },
    release: () => said.push('release'),
    tell: (step, maxRate, reason) => said.push(`tell ${step} ${maxRate} ${reason}`),
    evict: (reason) => said.push(`evict ${reason}`),
  };
  return { pace: new Pace(session, options, 0), said, world };
}
