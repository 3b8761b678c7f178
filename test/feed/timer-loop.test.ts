import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Clock } from '../../src/feed/clock.ts';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { FeedError } from '../../src/feed/feed-error.ts';
import { createLab, never, second, start } from './lab.ts';

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
