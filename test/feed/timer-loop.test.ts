import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DemandBook } from '../../src/bus/demand.ts';
import type { Clock } from '../../src/feed/clock.ts';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { FeedError } from '../../src/feed/feed-error.ts';
import { createDemand, createLab, never, second, start } from './lab.ts';

const topics = { a: { schema: z.object({ n: z.number() }) } };

test('ticks fall on whole multiples of every after the start, exactly', async () => {
  const lab = createLab();
  await lab.until(0.123_456);
  const at: number[] = [];
  const feed = defineFeed({ name: 'beat', topics, every: 250, tick: ({ clock }) => void at.push(clock.now()) });
  const running = lab.run(feed);
  await lab.until(3600);
  expect(at).toEqual(Array.from({ length: 14_400 }, (_, i) => start + (i + 1) * 250_000));
  expect(running.stats()).toMatchObject({ ticks: 14_400, ticksSkipped: 0, latenessMs: { last: 0, max: 0 } });
  await running.stop();
});

test('the beat may come from the configuration and be a fraction of a millisecond', async () => {
  const lab = createLab();
  const feed = defineFeed({
    name: 'beat',
    config: z.object({ hz: z.number().default(4000) }),
    topics,
    every: ({ hz }) => 1000 / hz,
    tick() {},
  });
  const running = lab.run(feed);
  await lab.until(0.01);
  expect(running.stats().ticks).toBe(40);
  await running.stop();
});

test('within a tick the clock shows its deadline, in setup and between ticks the time', async () => {
  const lab = createLab();
  const seen: number[] = [];
  const feed = defineFeed({
    name: 'beat',
    topics,
    every: 1000,
    async setup({ clock }) {
      await clock.sleep(300);
      seen.push(clock.now() - start);
      return clock;
    },
    async tick({ clock }) {
      await clock.sleep(400);
      seen.push(clock.now() - start);
    },
  });
  const running = lab.run(feed);
  await lab.until(2.5);
  expect(seen).toEqual([300_000, 1_000_000, 2_000_000]);
  await running.stop();
});

test('a tick never overlaps itself, and in virtual time every one runs', async () => {
  const lab = createLab();
  let inside = 0;
  const at: number[] = [];
  const feed = defineFeed({
    name: 'slow',
    topics,
    every: 1000,
    async tick({ clock }) {
      expect(++inside).toBe(1);
      at.push((clock.now() - start) / second);
      await clock.sleep(2500);
      inside--;
    },
  });
  const running = lab.run(feed);
  await lab.until(9);
  expect(at).toEqual([1, 2, 3, 4]);
  expect(running.stats()).toMatchObject({ ticks: 4, ticksSkipped: 0 });
  await running.stop();
});

test.each([
  [0, [1, 6, 7], 4],
  [1, [1, 5, 6, 7], 3],
  [3, [1, 3, 4, 5, 6, 7], 1],
])('after a pause, %i late ticks are made up for and the others counted', async (catchUp, expected, skipped) => {
  const lab = createLab();
  const clock = stoppable(lab.clock);
  const at: number[] = [];
  const feed = defineFeed({
    name: 'beat',
    topics,
    every: 1000,
    catchUp,
    tick: ({ clock }) => void at.push((clock.now() - start) / second),
  });
  const running = lab.run(feed, { clock });
  await lab.until(1);
  clock.freeze();
  await lab.until(6.5);
  clock.thaw();
  await lab.until(7);
  expect(at).toEqual(expected);
  expect(running.stats()).toMatchObject({ ticks: expected.length, ticksSkipped: skipped, latenessMs: { last: 0 } });
  expect(running.stats().latenessMs.max).toBe(500 + 1000 * catchUp);
  await running.stop();
});

test('a wall that is set back by an hour does not silence the feed', async () => {
  const lab = createLab();
  let offset = 0;
  const clock: Clock = {
    now: () => lab.clock.now() + offset,
    at: (due, run) => lab.clock.at(due - offset, run),
    isVirtual: false,
  };
  const at: number[] = [];
  const feed = defineFeed({ name: 'beat', topics, every: 1000, tick: () => void at.push(lab.clock.now() - start) });
  const running = lab.run(feed, { clock });
  await lab.until(2.5);
  offset = -3600 * second;
  await lab.until(6);
  expect(at.map((ts) => ts / second)).toEqual([1, 2, 3, 4, 5, 6]);
  await running.stop();
});

test('a tick that throws is reported and skipped; state and beat go on', async () => {
  const lab = createLab();
  const feed = defineFeed({
    name: 'bumpy',
    topics,
    every: 1000,
    setup: () => ({ n: 0 }),
    tick({ publish }, state) {
      state.n++;
      if (state.n === 2) throw new Error('bump');
      publish('a', { n: state.n });
    },
  });
  const running = lab.run(feed);
  await lab.until(2);
  expect(running.stats()).toMatchObject({ status: 'degraded', statusText: 'the last tick failed: bump' });
  await lab.until(3);
  expect(lab.published.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 3 }]);
  expect(running.stats()).toMatchObject({ status: 'ok', statusText: undefined, ticks: 3, errors: 1, restarts: 0 });
  expect(running.stats().lastError).toBe('bump');
  expect(lab.logged).toEqual(['feed "bumpy": tick failed: bump']);
  await running.stop();
});

test('ticks that keep throwing are logged once a minute', async () => {
  const lab = createLab();
  const feed = defineFeed({
    name: 'broken',
    topics,
    every: 1000,
    tick() {
      throw new Error('bump');
    },
  });
  const running = lab.run(feed);
  await lab.until(150);
  expect(lab.logged.length).toBe(3);
  expect(running.stats().errors).toBe(150);
  await running.stop();
});

test('FeedError.Retry thrown by a tick restarts the feed with new state, FeedError.Fatal ends it', async () => {
  const lab = createLab();
  let starts = 0;
  const feed = defineFeed({
    name: 'picky',
    topics,
    every: 1000,
    setup: () => ({ start: ++starts }),
    tick({ publish }, state) {
      publish('a', { n: state.start });
      if (state.start === 1) throw new FeedError.Retry('lost', { afterMs: 1500 });
      throw new FeedError.Fatal('over');
    },
  });
  const running = lab.run(feed);
  await lab.until(60);
  expect(lab.published.map(({ ts, data }) => [(ts - start) / second, data])).toEqual([
    [1, { n: 1 }],
    [3, { n: 2 }],
  ]);
  expect(running.stats()).toMatchObject({ status: 'down', statusText: 'over', errors: 2, restarts: 1 });
  await running.stop();
});

test('a tick that hangs is reported once after ten beats or ten seconds, whichever is longer', async () => {
  const lab = createLab({ patienceMs: 20 });
  const running = [100, 3000].map((every) =>
    lab.run(defineFeed({ name: `hangs-${every}`, topics, every, tick: never })),
  );
  await lab.until(10);
  expect(lab.logged).toEqual([]);
  await lab.until(120);
  expect(lab.logged).toEqual([
    'feed "hangs-100": tick has not returned for 10 s',
    'feed "hangs-3000": tick has not returned for 30 s',
  ]);
  const stopped = Promise.all(running.map((feed) => feed.stop()));
  await lab.until(125);
  await stopped;
});

describe('on demand', () => {
  const asItComes = Number.POSITIVE_INFINITY;
  /** Publishes how often it has ticked, every 50 ms unless told otherwise; `starts` counts its setups. */
  const counter = (options: { every?: number; demand?: 'run' | 'always'; maxSilenceMs?: number } = {}) => {
    const { maxSilenceMs, ...definition } = options;
    const starts: number[] = [];
    const feed = defineFeed({
      name: 'counter',
      topics: { a: { ...topics.a, ...(maxSilenceMs !== undefined && { maxSilenceMs }) } },
      every: 50,
      ...definition,
      setup({ clock }) {
        starts.push(clock.now());
        return { n: 0 };
      },
      tick({ publish }, state) {
        publish('a', { n: ++state.n });
      },
    });
    return { feed, starts };
  };
  /** Milliseconds since the start of the lab. */
  const times = ({ published }: ReturnType<typeof createLab>) => published.map(({ ts }) => (ts - start) / 1000);
  const beats = (from: number, to: number, every: number) =>
    Array.from({ length: Math.round((to - from) / every) + 1 }, (_, i) => from + i * every);

  test('a feed follows the book: up at once, down after the linger, at rest when nobody is left', async () => {
    const lab = createLab();
    const book = new DemandBook({ lingerMs: 5000, after: (ms, run) => lab.clock.at(lab.clock.now() + ms * 1000, run) });
    const { feed, starts } = counter();
    const running = lab.run(feed, { demand: book.of(['a']) });
    book.add('*', 2);
    await lab.until(6.1);
    expect(times(lab)).toEqual([...beats(50, 4950, 50), 5450, 5950]);
    book.add('a', 20);
    await lab.until(7.01);
    book.drop('a', 20);
    await lab.until(8.2);
    book.drop('*', 2);
    await lab.until(13.1);
    expect(running.stats().activity).toBe('running');
    await lab.until(20);
    expect(times(lab).slice(101)).toEqual([...beats(6100, 12_000, 50), 12_500, 13_000]);
    expect(running.stats()).toMatchObject({ activity: 'idle', status: 'ok', ticksSkipped: 0 });
    book.add('>', 20);
    await lab.until(20.12);
    expect(times(lab).slice(-2)).toEqual([20_050, 20_100]);
    expect(lab.published.map(({ data }) => data)).toEqual(times(lab).map((_, i) => ({ n: i + 1 })));
    expect(starts.length).toBe(1);
    expect(running.stats()).toMatchObject({ activity: 'running', restarts: 0, ticks: lab.published.length });
    await running.stop();
  });

  test.each([
    [4, 100, 300],
    [5, 100, 200],
    [10 / 3, 100, 300],
    [10, 100, 100],
    [1000, 100, 100],
    [asItComes, 100, 100],
    [0.5, 100, 2000],
    [0.3, 1000, 4000],
    [7, 12.5, 150],
    [1000 / 3900, 100, 3900],
  ])('at %d updates a second a beat of %d ms is slowed to %d ms', async (rate, every, period) => {
    const lab = createLab();
    const demand = createDemand(rate);
    const running = lab.run(counter({ every }).feed, { demand });
    await lab.until(20);
    expect(demand.listening()).toBeLessThan(3);
    expect(times(lab)).toEqual(beats(every, every + period * Math.floor((20_000 - every) / period), period));
    expect(running.stats().ticksSkipped).toBe(0);
    await running.stop();
  });

  test('no feed is slowed so far that its topics go stale', async () => {
    const lab = createLab();
    const running = lab.run(counter({ every: 100, maxSilenceMs: 1000 }).feed, { demand: createDemand(0.1) });
    await lab.until(2);
    expect(times(lab)).toEqual([100, 600, 1100, 1600]);
    await running.stop();
  });

  test('a change of mind moves the tick that is due next, and never makes two of it', async () => {
    const lab = createLab();
    const demand = createDemand(1);
    const running = lab.run(counter({ every: 100 }).feed, { demand });
    await lab.until(0.5);
    demand.want(5); // 300 has passed: at the next multiple, which is now
    await lab.until(0.55);
    demand.want(1);
    await lab.until(1.45);
    demand.want(2);
    await lab.until(1.5);
    demand.want(10);
    await lab.until(1.75);
    expect(times(lab)).toEqual([100, 500, 1500, 1600, 1700]);
    await running.stop();
  });

  test('ticks that fall into a rest are neither made up for nor counted, in real time as well', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const running = lab.run(counter().feed, { demand, clock: { ...lab.clock, isVirtual: false } });
    await lab.until(0.12);
    demand.want(0);
    await lab.until(30);
    demand.want(0);
    await lab.until(60.02);
    expect(running.stats().activity).toBe('idle');
    demand.want(asItComes);
    await lab.until(60.12);
    expect(times(lab)).toEqual([50, 100, 60_050, 60_100]);
    expect(running.stats()).toMatchObject({ activity: 'running', ticks: 4, ticksSkipped: 0, latenessMs: { max: 0 } });
    await running.stop();
  });

  test('a slowed feed counts as late only what it would have ticked', async () => {
    const lab = createLab();
    const clock = stoppable(lab.clock);
    const running = lab.run(counter({ every: 100 }).feed, { clock, demand: createDemand(2) });
    await lab.until(0.2);
    clock.freeze();
    await lab.until(2.7);
    clock.thaw();
    await lab.until(3.2);
    // due at 600, 1100, 1600, 2100, 2600: the newest and one before it are made up for
    expect(times(lab)).toEqual([100, 2100, 2600, 3100]);
    expect(running.stats()).toMatchObject({ ticks: 4, ticksSkipped: 3 });
    await running.stop();
  });

  test('a long beat has its first tick though nobody waits for it, and so after each rest', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const running = lab.run(counter({ every: 60_000 }).feed, { demand, clock: { ...lab.clock, isVirtual: false } });
    await lab.until(5);
    demand.want(0);
    await lab.until(300);
    expect(times(lab)).toEqual([60_000]);
    demand.want(asItComes);
    await lab.until(305);
    demand.want(0);
    await lab.until(900);
    expect(times(lab)).toEqual([60_000, 360_000]);
    expect(running.stats().activity).toBe('idle');
    await running.stop();
  });

  test('demand that comes during setup is met after it', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const feed = defineFeed({
      name: 'slow-start',
      topics,
      every: 100,
      setup: ({ clock }) => clock.sleep(3000),
      tick: ({ publish }) => publish('a', { n: 1 }),
    });
    const running = lab.run(feed, { demand });
    await lab.until(1);
    demand.want(0);
    await lab.until(2);
    demand.want(2);
    await lab.until(4.2);
    expect(times(lab)).toEqual([3100, 3600, 4100]);
    await running.stop();
  });

  test('demand that goes during setup leaves one tick, demand that goes during a tick no other', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const feed = defineFeed({
      name: 'slow',
      topics,
      every: 100,
      setup: ({ clock }) => clock.sleep(1000),
      async tick({ clock, publish }) {
        await clock.sleep(500);
        publish('a', { n: 1 });
      },
    });
    const running = lab.run(feed, { demand });
    await lab.until(0.5);
    demand.want(0);
    await lab.until(9);
    expect(times(lab)).toEqual([1100]);
    demand.want(asItComes);
    await lab.until(9.3);
    demand.want(0);
    await lab.until(20);
    expect(times(lab)).toEqual([1100, 9100]);
    expect(running.stats()).toMatchObject({ activity: 'idle', ticks: 2 });
    await running.stop();
  });

  test('a feed that only runs or rests is not slowed', async () => {
    const lab = createLab();
    const demand = createDemand(1);
    const running = lab.run(counter({ every: 100, demand: 'run' }).feed, { demand });
    await lab.until(0.3);
    demand.want(0);
    await lab.until(1);
    expect(times(lab)).toEqual([100, 200, 300]);
    await running.stop();
  });

  test('a feed that runs always does so, and may ask what is wanted', async () => {
    const lab = createLab();
    const demand = createDemand(0);
    const asked: number[] = [];
    const feed = defineFeed({
      name: 'world',
      topics,
      every: 1000,
      demand: 'always',
      tick: (context) => void asked.push(context.demand()),
    });
    const running = lab.run(feed, { demand });
    await lab.until(1.5);
    demand.want(4);
    await lab.until(2.5);
    demand.want(asItComes);
    await lab.until(3.5);
    expect(asked).toEqual([0, 4, asItComes]);
    expect(running.stats()).toMatchObject({ activity: 'running', ticks: 3 });
    await running.stop();
  });

  test('a feed at rest stops at once, and wakes no more', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const running = lab.run(counter().feed, { demand });
    await lab.until(0.12);
    demand.want(0);
    await lab.until(1);
    await running.stop();
    demand.want(asItComes);
    await lab.until(10);
    expect(times(lab)).toEqual([50, 100]);
    expect(running.stats()).toMatchObject({ status: 'stopped', activity: 'idle' });
    expect(demand.listening()).toBe(0);
  });
});

/** A clock whose process can be held up: nothing runs while it is frozen, and it does not call itself virtual. */
function stoppable(clock: Clock) {
  let isFrozen = false;
  const waiting: (() => void)[] = [];
  return {
    now: clock.now,
    isVirtual: false,
    at: (due: number, run: () => void) => clock.at(due, () => (isFrozen ? void waiting.push(run) : run())),
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
      for (const run of waiting.splice(0)) run();
    },
  };
}
