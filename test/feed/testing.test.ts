import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { digest, expectClean, expectDeterministic, type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const topics = { a: { schema: z.object({ n: z.number() }) } };

test('by default a run begins on Monday 5 January 2026 and includes its end', async () => {
  const feed = defineFeed({ name: 'beat', topics, every: 1000, tick: ({ publish }) => publish('a', { n: 1 }) });
  const { published, stats } = await runInVirtualTime(feed, { forMs: 3000 });
  expect(published.map(({ ts }) => new Date(ts / 1000).toISOString())).toEqual([
    '2026-01-05T00:00:01.000Z',
    '2026-01-05T00:00:02.000Z',
    '2026-01-05T00:00:03.000Z',
  ]);
  expect(stats).toMatchObject({ status: 'ok', ticks: 3, published: 3 });
});

test('what is recorded is what was published then, though the feed uses the object again', async () => {
  const data = { n: 0 };
  const feed = defineFeed({
    name: 'reuse',
    topics,
    every: 1000,
    tick({ publish }) {
      data.n++;
      publish('a', data);
    },
  });
  const { published } = await runInVirtualTime(feed, { forMs: 2000 });
  expect(published.map((one) => one.data)).toEqual([{ n: 1 }, { n: 2 }]);
});

test('the configuration is checked by the feed', async () => {
  const config = z.object({ n: z.number().default(1) });
  const feed = defineFeed({ name: 'set', config, topics, every: 1000, tick: (c) => c.publish('a', { n: c.config.n }) });
  const { published } = await runInVirtualTime(feed, { forMs: 1000 });
  expect(published[0]?.data).toEqual({ n: 1 });
  await expect(runInVirtualTime(feed, { config: { n: 'x' }, forMs: 1 })).rejects.toThrow('config.n: ');
});

test('the rules of keys are those of the kinds', async () => {
  const schema = z.object({ n: z.number() });
  const feed = defineFeed({
    name: 'keys',
    topics: { row: { schema, kind: 'keyed' }, plain: { schema } },
    connect({ publish, remove }) {
      publish('row', { n: 1 });
      publish('row', { n: 1 }, { key: 'k' });
      publish('plain', { n: 1 }, { key: 'k' });
      remove('plain', 'k');
      remove('row', 'k');
    },
  });
  const { published, rejected } = await runInVirtualTime(feed, { forMs: 1 });
  expect(published.map(({ topic, key, removed }) => [topic, key, removed])).toEqual([
    ['row', 'k', undefined],
    ['row', 'k', true],
  ]);
  expect(rejected.length).toBe(3);
});

test('rows may be given a time to live, which is recorded, and nothing else may', async () => {
  const schema = z.object({ n: z.number() });
  const feed = defineFeed({
    name: 'lives',
    topics: { row: { schema, kind: 'keyed', ttlMs: 1000 }, plain: { schema } },
    connect({ publish }) {
      publish('row', { n: 1 }, { key: 'k', ttlMs: 500 });
      publish('row', { n: 1 }, { key: 'k' });
      for (const ttlMs of [0, 1.5, -1, '5']) publish('row', { n: 1 }, { key: 'k', ttlMs: ttlMs as number });
      publish('plain', { n: 1 }, { ttlMs: 500 });
    },
  });
  const { published, rejected } = await runInVirtualTime(feed, { forMs: 1 });
  expect(published.map(({ key, ttlMs }) => [key, ttlMs])).toEqual([
    ['k', 500],
    ['k', undefined],
  ]);
  expect(rejected).toEqual([
    ...['0', '1.5', '-1', '"5"'].map(
      (ttlMs) => `ttlMs must be a whole number of milliseconds, at least 1, got ${ttlMs}`,
    ),
    'topic "plain" is latest, so it takes no ttlMs',
  ]);
});

test('a declared time to live is for keyed topics, and within a day', () => {
  const define = (declaration: { kind?: 'keyed' | 'event'; ttlMs: number }) =>
    defineFeed({ name: 'lives', topics: { a: { ...topics.a, ...declaration } }, connect: () => undefined });
  expect(() => define({ kind: 'keyed', ttlMs: 86_400_000 })).not.toThrow();
  expect(() => define({ ttlMs: 5 })).toThrow('feed "lives": topic "a" is latest, so it takes no ttlMs');
  expect(() => define({ kind: 'event', ttlMs: 5 })).toThrow('is event, so it takes no ttlMs');
  for (const ttlMs of [0, 1.5, 86_400_001]) {
    const range = `feed "lives": ttlMs of topic "a" must be a whole number from 1 to 86400000, got ${ttlMs}`;
    expect(() => define({ kind: 'keyed', ttlMs })).toThrow(range);
  }
});

test('a declared history is for what can be kept, and of whole numbers', () => {
  const define = (history: object, kind?: 'ephemeral') =>
    defineFeed({
      name: 'past',
      topics: { a: { ...topics.a, history, ...(kind !== undefined && { kind }) } },
      connect: () => undefined,
    });
  expect(() => define({})).not.toThrow();
  expect(() => define({ maxCount: 0, maxBytes: 1, maxAgeMs: 1 })).not.toThrow();
  expect(() => define({ maxCount: 5 }, 'ephemeral')).toThrow('topic "a" is ephemeral, so it takes no history');
  expect(() => define({ count: 5 })).toThrow('feed "past": history of topic "a" has no option "count"');
  expect(() => define(5 as unknown as object)).toThrow('feed "past": history of topic "a" must be an object, got 5');
  for (const [option, value, least] of [
    ['maxCount', -1, 0],
    ['maxBytes', 0, 1],
    ['maxAgeMs', 1.5, 1],
    ['maxAgeMs', '5', 1],
  ] as const) {
    const complaint = `feed "past": history.${option} of topic "a" must be a whole number of at least ${least}, got ${JSON.stringify(value)}`;
    expect(() => define({ [option]: value })).toThrow(complaint);
  }
});

test('a row is taken off at the time that the feed gives, the present one without', async () => {
  const schema = z.object({ n: z.number() });
  const feed = defineFeed({
    name: 'rows',
    topics: { row: { schema, kind: 'keyed' } },
    connect({ publish, remove, clock }) {
      publish('row', { n: 1 }, { key: 'k', ts: clock.now() - 7 });
      remove('row', 'k', { ts: clock.now() - 5 });
      remove('row', 'k');
      remove('row', 'k', { ts: -1 });
    },
  });
  const { published, rejected } = await runInVirtualTime(feed, { from: 100, forMs: 1 });
  expect(published.slice(1)).toEqual([
    { topic: 'row', ts: 95, key: 'k', removed: true },
    { topic: 'row', ts: 100, key: 'k', removed: true },
  ]);
  expect(rejected).toEqual(['ts must be integer microseconds, got -1']);
});

test("expectClean throws for the feed's own rejections, for bad data and for errors", async () => {
  const make = (tick: () => void) => defineFeed({ name: 'unclean', topics, every: 1000, tick });
  const clean = await runInVirtualTime(
    make(() => undefined),
    { forMs: 1000 },
  );
  expect(() => expectClean(clean)).not.toThrow();
  const failing = await runInVirtualTime(
    make(() => {
      throw new Error('bump');
    }),
    { forMs: 1000 },
  );
  expect(() => expectClean(failing)).toThrow('the feed failed 1 times, last: bump');
  const rejecting = defineFeed({ name: 'rejecting', topics, connect: ({ reject }) => reject('line 7') });
  const { rejected, stats } = await runInVirtualTime(rejecting, { forMs: 1 });
  expect(() => expectClean({ rejected, stats })).toThrow('1 publications were rejected, first: line 7');
});

test('a digest tells apart order, topic, time, key, data and removal', () => {
  const one: Published = { topic: 'a', ts: 1, data: { n: 1 } };
  const lists: Published[][] = [
    [],
    [one],
    [one, one],
    [{ ...one, topic: 'b' }],
    [{ ...one, ts: 2 }],
    [{ ...one, key: 'k' }],
    [{ ...one, key: 'k', ttlMs: 5 }],
    [{ ...one, data: { n: 2 } }],
    [{ topic: 'a', ts: 1, key: 'k', removed: true }],
    [one, { ...one, ts: 2 }],
    [{ ...one, ts: 2 }, one],
  ];
  expect(new Set(lists.map(digest)).size).toBe(lists.length);
  expect(digest([{ ...one }])).toBe(digest([one]));
});

test('a feed that follows other than its clock and its dice is found out', async () => {
  let calls = 0;
  const feed = defineFeed({
    name: 'moody',
    topics,
    every: 1000,
    tick: ({ publish, rng }) => publish('a', { n: ++calls === 5 ? 7 : rng().u32() }),
  });
  const told = expectDeterministic(feed, { forMs: 3000 });
  await expect(told).rejects.toThrow(/feed "moody" is not deterministic: publication 1 was .* first and then .*"n":7/);
});

test('restarts fall on the same moments each time', async () => {
  let starts = 0;
  const feed = defineFeed({
    name: 'flaky',
    topics,
    connect({ publish }) {
      publish('a', { n: 1 });
      starts++;
      throw new Error('no');
    },
  });
  await expectDeterministic(feed, { forMs: 600_000 });
  expect(starts).toBeGreaterThan(20);
});
