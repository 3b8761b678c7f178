import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed, type FeedContext } from '../../src/feed/define-feed.ts';
import { FeedError } from '../../src/feed/feed-error.ts';
import { runFeed, stopGraceMs } from '../../src/feed/feed-runner.ts';
import { createRng } from '../../src/feed/random.ts';
import { createDemand, createLab, listLog, never, second, start } from './lab.ts';

const n = { schema: z.object({ n: z.number() }) };

describe('a feed that fails to start', () => {
  test('is started again after delays that double, with jitter from the chance it is given', async () => {
    const lab = createLab();
    const startedAt: number[] = [];
    const feed = defineFeed({
      name: 'flaky',
      topics: { a: n },
      connect({ clock }) {
        startedAt.push((clock.now() - start) / 1000);
        throw new Error('no route');
      },
    });
    const running = lab.run(feed, { random: () => 0.5 });
    await lab.until(10);
    // between 500 ms and a ceiling of 1, 2, 4, 8 s: halfway
    expect(startedAt).toEqual([0, 750, 750 + 1250, 2000 + 2250, 4250 + 4250]);
    expect(running.stats()).toMatchObject({ status: 'degraded', errors: 5, restarts: 4, lastError: 'no route' });
    expect(running.stats().statusText).toBe('no route; starting again in 8.3 s');
    await running.stop();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('no');
      },
    ],
    [
      'throws what is no error',
      () => {
        throw Object.create(null);
      },
    ],
    [
      'throws nothing',
      () => {
        throw undefined;
      },
    ],
  ])('in setup, when it %s, starts afresh and then goes on', async (_how, fail) => {
    const lab = createLab();
    let starts = 0;
    const feed = defineFeed({
      name: 'second-try',
      topics: { a: n },
      every: 1000,
      setup: () => (++starts === 1 ? fail() : { n: 0 }),
      tick({ publish }, state) {
        publish('a', { n: ++(state as { n: number }).n });
      },
    });
    const running = lab.run(feed);
    await lab.until(3);
    expect(lab.published.map(({ ts, data }) => [(ts - start) / second, data])).toEqual([
      [1, { n: 1 }],
      [2, { n: 2 }],
      [3, { n: 3 }],
    ]);
    expect(running.stats()).toMatchObject({ status: 'ok', errors: 1, restarts: 1 });
    await running.stop();
  });

  test('waits for as long as FeedError.Retry asks', async () => {
    const lab = createLab();
    const startedAt: number[] = [];
    const feed = defineFeed({
      name: 'limited',
      topics: { a: n },
      // biome-ignore lint/correctness/useYield: a source that refuses before it gives anything
      async *stream({ clock }) {
        startedAt.push((clock.now() - start) / 1000);
        throw new FeedError.Retry('rate limited', { afterMs: 5000 });
      },
    });
    const running = lab.run(feed);
    await lab.until(12);
    expect(startedAt).toEqual([0, 5000, 10_000]);
    await running.stop();
  });

  test('stays down after FeedError.Fatal, with its reason', async () => {
    const lab = createLab();
    let starts = 0;
    const feed = defineFeed({
      name: 'barred',
      topics: { a: n },
      connect() {
        starts++;
        throw new FeedError.Fatal('wrong key');
      },
    });
    const running = lab.run(feed);
    await lab.until(600);
    expect(starts).toBe(1);
    expect(running.stats()).toMatchObject({ status: 'down', statusText: 'wrong key', errors: 1, restarts: 0 });
    expect(lab.logged).toEqual(['feed "barred" is down: wrong key']);
    await running.stop();
  });

  test('is down after its last attempt', async () => {
    const lab = createLab();
    let starts = 0;
    const feed = defineFeed({
      name: 'thrice',
      topics: { a: n },
      retry: { maxAttempts: 2 },
      connect() {
        starts++;
        throw new Error('no');
      },
    });
    const running = lab.run(feed);
    await lab.until(600);
    expect(starts).toBe(3);
    expect(running.stats()).toMatchObject({ status: 'down', statusText: 'no (no attempt left)', restarts: 2 });
    await running.stop();
  });

  test('can publish nothing more from a start that is over', async () => {
    const lab = createLab();
    let starts = 0;
    const feed = defineFeed({
      name: 'ghost',
      topics: { a: n },
      connect({ publish, clock }) {
        const mine = ++starts;
        if (mine === 1) {
          void (async () => {
            await clock.sleep(3000).catch(() => undefined);
            publish('a', { n: mine });
          })();
          throw new Error('lost');
        }
        publish('a', { n: mine });
      },
    });
    const running = lab.run(feed);
    await lab.until(10);
    expect(lab.published.map(({ data }) => data)).toEqual([{ n: 2 }]);
    await running.stop();
  });
});

describe('a bad feed and its neighbour', () => {
  const good = defineFeed({
    name: 'good',
    topics: { 'good.n': n },
    every: 1000,
    setup: () => ({ n: 0 }),
    tick({ publish }, state) {
      publish('good.n', { n: ++state.n });
    },
  });
  const topics = { bad: n };
  const hang = () => never();
  const fail = () => {
    throw new Error('bad');
  };
  const rubbish = (context: unknown) => {
    const { publish, remove, status, reject } = context as Record<string, (...args: unknown[]) => void>;
    for (const junk of [undefined, null, 7, Symbol('s'), {}, [], () => 0, 'x'.repeat(1e5), Object.create(null)]) {
      publish!(junk, junk, junk);
      publish!('bad', { n: 1 }, { ts: junk });
      publish!('bad', { n: 1 }, { key: junk });
      remove!(junk, junk);
      reject!(junk);
      status!(junk, junk);
    }
  };
  async function* yieldsRubbish() {
    for (const junk of [undefined, null, 7, 'text', {}, [], { topic: 7 }, { topic: 'bad', ts: 'soon' }])
      yield junk as never;
  }
  async function* neverWaits() {
    for (;;) yield { topic: 'bad', data: { n: 1 } } as const;
  }
  const bad = {
    'tick throws': { every: 100, tick: fail },
    'tick rejects': { every: 100, tick: async () => fail() },
    'tick hangs': { every: 100, tick: hang },
    'tick publishes rubbish': { every: 100, tick: rubbish },
    'setup hangs': { every: 100, setup: hang, tick: () => undefined },
    'every is no number': { every: () => Number.NaN, tick: () => undefined },
    'stream throws': { stream: fail },
    'stream is no iterable': { stream: () => 7 as never },
    'stream hangs': { stream: () => ({ [Symbol.asyncIterator]: () => ({ next: hang }) }) },
    'stream yields rubbish': { stream: yieldsRubbish },
    'stream never waits': { stream: neverWaits },
    'connect hangs': { connect: hang },
    'connect returns rubbish': { connect: () => ({}) as never },
    'cleanup throws': { connect: () => fail },
    'cleanup hangs': { connect: () => hang },
  };

  test.each(Object.entries(bad))('%s: the good one publishes on its beat, and both stop', async (_how, shape) => {
    const lab = createLab({ patienceMs: 20 });
    const culprit = lab.run(defineFeed({ name: 'bad', topics, ...shape } as Parameters<typeof defineFeed>[0]));
    const neighbour = lab.run(good);
    await lab.until(30);
    expect(lab.on('good.n').map(({ ts }) => (ts - start) / second)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    expect(neighbour.stats()).toMatchObject({ status: 'ok', published: 30, errors: 0, ticksSkipped: 0 });
    const stopped = Promise.all([culprit.stop(), neighbour.stop()]);
    await lab.until(36);
    await stopped;
    const { length } = lab.published;
    await lab.until(100);
    expect(lab.published.length).toBe(length);
  });

  test('a stream that never waits leaves room for real timers too', async () => {
    const lab = createLab({ patienceMs: 20 });
    const running = lab.run(defineFeed({ name: 'greedy', topics, stream: neverWaits }));
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(running.stats().published).toBeGreaterThan(0);
    await running.stop();
  });
});

describe('what is published', () => {
  test('has the moment of the clock, unless the feed gives its own', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'timed',
      topics: { a: n },
      async *stream({ clock }) {
        await clock.sleep(1500);
        yield { topic: 'a', data: { n: 1 } };
        yield { topic: 'a', data: { n: 2 }, ts: 42 };
      },
    });
    const running = lab.run(feed);
    await lab.until(2);
    expect(lab.published.map(({ ts }) => ts)).toEqual([start + 1_500_000, 42]);
    expect(running.stats()).toMatchObject({ status: 'ended', published: 2, restarts: 0 });
  });

  test('on a topic that was not declared is rejected by its name', async () => {
    const lab = createLab();
    const rejected: string[] = [];
    const feed = defineFeed({
      name: 'astray',
      topics: { 'a.{x}': n },
      connect({ publish, remove }) {
        (publish as (topic: string, data: unknown) => void)('b.c', { n: 1 });
        remove('a.b.c', 'key');
      },
    });
    const running = lab.run(feed, { onRejected: (reason) => void rejected.push(reason) });
    await lab.until(0);
    expect(rejected).toEqual([
      'topic "b.c" is not one this feed declares',
      'topic "a.b.c" is not one this feed declares',
    ]);
    expect(running.stats().rejected).toBe(2);
    await running.stop();
  });

  test('and refused by the sink is counted, and logged once a minute with its reason', async () => {
    const lab = createLab();
    const sink = {
      publish: () => 'field "n": expected number',
      remove: () => {
        throw new Error('sink broken');
      },
      redeclare: () => {},
    };
    const feed = defineFeed({
      name: 'wrong',
      topics: { a: n, table: { ...n, kind: 'keyed' } },
      every: 100,
      tick: ({ publish, remove }) => {
        publish('a', { n: 1 });
        remove('table', 'row');
      },
    });
    const running = lab.run(feed, { sink });
    await lab.until(119.9);
    expect(running.stats()).toMatchObject({ ticks: 1199, rejected: 2398, published: 0, removed: 0, errors: 0 });
    const about = lab.logged.filter((line) => line.includes('field "n"'));
    expect(about).toEqual([
      'feed "wrong" rejected a: field "n": expected number',
      'feed "wrong" rejected a: field "n": expected number (599 of these since the last line about it)',
    ]);
    expect(lab.logged.filter((line) => line.includes('sink broken')).length).toBe(2);
    await running.stop();
  });

  test('and what the feed rejects by itself is counted and logged as well', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'reader',
      topics: { a: n },
      connect: ({ reject }) => reject('data.csv line 7: three cells'),
    });
    const running = lab.run(feed);
    await lab.until(0);
    expect(running.stats().rejected).toBe(1);
    expect(lab.logged).toEqual(['feed "reader" rejected input: data.csv line 7: three cells']);
    await running.stop();
  });

  test('rows of a keyed topic come and go', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'table',
      topics: { rows: { ...n, kind: 'keyed' } },
      connect({ publish, remove }) {
        publish('rows', { n: 1 }, { key: 'one' });
        remove('rows', 'one');
      },
    });
    const running = lab.run(feed);
    await lab.until(0);
    expect(lab.published).toEqual([
      { topic: 'rows', ts: start, key: 'one', data: { n: 1 } },
      { topic: 'rows', ts: start, key: 'one', removed: true },
    ]);
    expect(running.stats()).toMatchObject({ published: 1, removed: 1 });
    await running.stop();
  });
});

test('another schema goes to the sink, for patterns that the feed declares and as long as it runs', async () => {
  const lab = createLab();
  const turned: unknown[] = [];
  const { schema } = n;
  let redeclare: FeedContext['redeclare'] | undefined;
  const feed = defineFeed({
    name: 'tide',
    topics: { 'tide.{port}': n },
    async connect(context) {
      redeclare = context.redeclare;
      context.redeclare('tide.{port}', { schema });
      context.redeclare('tide.dover', { schema });
    },
  });
  const sink = {
    publish: () => undefined,
    remove: () => undefined,
    redeclare: (...told: unknown[]) => turned.push(told),
  };
  const running = lab.run(feed, { sink });
  await lab.until(0);
  expect(turned).toEqual([['tide.{port}', schema]]);
  expect(running.stats().lastError).toBe('feed "tide" declares no topics "tide.dover" to redeclare');
  await running.stop();
  redeclare?.('tide.{port}', { schema });
  expect(turned).toHaveLength(1);
});

test('a stream gives all it has before virtual time goes on, however much that is', async () => {
  const lab = createLab();
  const feed = defineFeed({
    name: 'bulk',
    topics: { a: n },
    async *stream({ clock }) {
      for (let i = 0; i < 500; i++) yield { topic: 'a', data: { n: i } };
      await clock.sleep(1000);
      for (let i = 0; i < 500; i++) yield { topic: 'a', data: { n: i } };
    },
  });
  const running = lab.run(feed);
  await lab.until(5);
  expect(new Set(lab.published.map(({ ts }) => (ts - start) / second))).toEqual(new Set([0, 1]));
  expect(running.stats()).toMatchObject({ status: 'ended', published: 1000 });
});

describe('random streams', () => {
  test('are those of seed, feed name and stream name, go on within a start and begin afresh with the next', async () => {
    const lab = createLab();
    const drawn: number[][] = [];
    const feed = defineFeed({
      name: 'dice',
      topics: { a: n },
      connect({ rng }) {
        drawn.push([rng('AAPL').u32(), rng('MSFT').u32(), rng('AAPL').u32(), rng().u32()]);
        if (drawn.length === 1) throw new Error('again');
      },
    });
    const running = lab.run(feed, { name: 'market' });
    await lab.until(5);
    const first = [1924891305, createRng('demo', 'market/MSFT').u32(), 1998580323, createRng('demo', 'market/').u32()];
    expect(drawn).toEqual([first, first]);
    await running.stop();
  });
});

describe('status', () => {
  test('is what the feed says of itself, until it is stopped', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'frank',
      topics: { a: n },
      async connect({ status, clock }) {
        status('degraded', 'broker offline');
        await clock.sleep(1000);
        status('ok', 'connected');
      },
    });
    const running = lab.run(feed);
    expect(running.stats().status).toBe('degraded');
    await lab.until(2);
    expect(running.stats()).toMatchObject({ status: 'ok', statusText: 'connected' });
    await running.stop();
    expect(running.stats().status).toBe('stopped');
  });

  test('is starting until the first sign of life, and a snapshot does not change any more', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'slow',
      topics: { a: n },
      async *stream({ clock }) {
        await clock.sleep(1000);
        yield { topic: 'a', data: { n: 1 } };
        await clock.sleep(1000);
      },
    });
    const running = lab.run(feed);
    const before = running.stats();
    await lab.until(1);
    expect([before.status, running.stats().status]).toEqual(['starting', 'ok']);
    expect(before.published).toBe(0);
    await lab.until(2);
    expect(running.stats().status).toBe('ended');
    await running.stop();
  });
});

describe('stop', () => {
  test('aborts the signal, ends sleeps with its reason, and silences the feed from that call on', async () => {
    const lab = createLab();
    const seen: unknown[] = [];
    const feed = defineFeed({
      name: 'talker',
      topics: { a: n },
      connect({ publish, signal, clock }) {
        publish('a', { n: 1 });
        signal.addEventListener('abort', () => publish('a', { n: 2 }));
        clock.sleep(1000).catch((error) => seen.push((error as Error).message));
        return () => publish('a', { n: 3 });
      },
    });
    const running = lab.run(feed);
    await lab.until(0);
    await running.stop();
    await running.stop();
    expect(seen).toEqual(['feed "talker" was stopped']);
    expect(lab.published.map(({ data }) => data)).toEqual([{ n: 1 }]);
    expect(running.stats()).toMatchObject({ status: 'stopped', published: 1, rejected: 0 });
  });

  test('lets a stream clean up behind itself, also where it waits for something that never comes', async () => {
    const lab = createLab();
    const done: string[] = [];
    const waits = defineFeed({
      name: 'waits',
      topics: { a: n },
      async *stream({ clock }) {
        try {
          await clock.sleep(1e9);
          yield { topic: 'a', data: { n: 1 } };
        } finally {
          done.push('finally');
        }
      },
    });
    const closes = defineFeed({
      name: 'closes',
      topics: { a: n },
      stream: () => ({
        [Symbol.asyncIterator]: () => ({
          next: never,
          return: async () => {
            done.push('return');
            return { done: true, value: undefined };
          },
        }),
      }),
    });
    const running = [lab.run(waits), lab.run(closes)];
    await lab.until(1);
    await Promise.all(running.map((feed) => feed.stop()));
    expect(done.sort()).toEqual(['finally', 'return']);
    expect(lab.logged).toEqual([]);
  });

  test('waits for a cleanup, but not beyond the grace', async () => {
    const lab = createLab();
    const feed = defineFeed({ name: 'clinger', topics: { a: n }, connect: () => never });
    const running = lab.run(feed);
    await lab.until(1);
    let isStopped = false;
    const stopped = running.stop().then(() => {
      isStopped = true;
    });
    await lab.until(0.99 + stopGraceMs / 1000);
    expect(isStopped).toBe(false);
    await lab.until(6);
    await stopped;
    expect(lab.logged).toEqual(['feed "clinger" did not stop within 1.5 s; going on without it']);
  });

  test('lets go of a connection that comes only after it', async () => {
    const lab = createLab();
    let open = 0;
    const feed = defineFeed({
      name: 'late',
      topics: { a: n },
      async connect() {
        await new Promise((resolve) => lab.clock.at(start + 20 * second, () => resolve(undefined)));
        open++;
        return () => void open--;
      },
    });
    const running = lab.run(feed);
    await lab.until(1);
    const stopped = running.stop();
    await lab.until(6);
    await stopped;
    await lab.until(19);
    expect(open).toBe(0);
    await lab.until(21);
    expect(open).toBe(0);
    expect(running.stats().status).toBe('stopped');
  });

  test('in the middle of a tick is no error, nor is a sleep that nobody awaits', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'napper',
      topics: { a: n },
      every: 1000,
      async tick({ clock }) {
        void clock.sleep(5000);
        await clock.sleep(500);
      },
    });
    const running = lab.run(feed);
    await lab.until(1.2);
    await running.stop();
    await lab.until(10);
    expect(running.stats()).toMatchObject({ status: 'stopped', ticks: 1, errors: 0 });
    expect(lab.logged).toEqual([]);
  });

  test('logs the problems that were held back', async () => {
    const lab = createLab();
    const feed = defineFeed({
      name: 'grumbler',
      topics: { a: n },
      connect({ reject }) {
        for (const line of [1, 2, 3]) reject(`line ${line}`);
      },
    });
    const running = lab.run(feed);
    await lab.until(1);
    await running.stop();
    expect(lab.logged).toEqual([
      'feed "grumbler" rejected input: line 1',
      'feed "grumbler" rejected input: line 3 (2 of these since the last line about it)',
    ]);
  });

  test('ends the wait for a restart', async () => {
    const lab = createLab();
    let starts = 0;
    const feed = defineFeed({
      name: 'flaky',
      topics: { a: n },
      connect() {
        starts++;
        throw new Error('no');
      },
    });
    const running = lab.run(feed);
    await lab.until(0.1);
    await running.stop();
    await lab.until(60);
    expect(starts).toBe(1);
    expect(running.stats()).toMatchObject({ status: 'stopped', restarts: 0 });
  });
});

describe('on demand', () => {
  const asItComes = Number.POSITIVE_INFINITY;
  /** Publishes each second how many it has published in this start, and keeps what becomes of it. */
  const talker = () => {
    const diary: string[] = [];
    let starts = 0;
    const feed = defineFeed({
      name: 'talker',
      topics: { a: n },
      async *stream({ clock, signal }) {
        const mine = ++starts;
        diary.push(`start ${mine}`);
        signal.addEventListener('abort', () => diary.push(String(signal.reason.message)));
        try {
          for (let i = 1; ; i++) {
            await clock.sleep(1000);
            yield { topic: 'a', data: { n: 100 * mine + i } };
          }
        } finally {
          diary.push(`end ${mine}`);
        }
      },
    });
    return { feed, diary };
  };

  test('a stream is stopped when nobody wants it and started again when somebody does', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const { feed, diary } = talker();
    const running = lab.run(feed, { demand });
    await lab.until(2.5);
    demand.want(1);
    await lab.until(3.5);
    demand.want(0);
    await lab.until(100.5);
    expect(diary).toEqual(['start 1', 'nobody wants feed "talker" now', 'end 1']);
    expect(running.stats()).toMatchObject({ activity: 'idle', status: 'ok', published: 3 });
    demand.want(0.1);
    await lab.until(100.6);
    expect(running.stats()).toMatchObject({ activity: 'running', status: 'starting' });
    await lab.until(102.5);
    expect(lab.published.map(({ ts, data }) => [(ts - start) / second, data])).toEqual([
      [1, { n: 101 }],
      [2, { n: 102 }],
      [3, { n: 103 }],
      [101.5, { n: 201 }],
      [102.5, { n: 202 }],
    ]);
    expect(running.stats()).toMatchObject({ activity: 'running', status: 'ok', errors: 0, restarts: 0 });
    expect(lab.logged).toEqual(['feed "talker" rests: nobody wants it', 'feed "talker" goes on: it is wanted']);
    await running.stop();
  });

  test('a feed that nobody wants at the start waits for it', async () => {
    const lab = createLab();
    const demand = createDemand(0);
    const { feed, diary } = talker();
    const running = lab.run(feed, { demand });
    expect(running.stats().activity).toBe('idle');
    await lab.until(5);
    expect(diary).toEqual([]);
    demand.want(asItComes);
    await lab.until(6);
    expect(lab.published.length).toBe(1);
    await running.stop();
  });

  test('a feed at rest stops at once, and starts no more', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const { feed, diary } = talker();
    const running = lab.run(feed, { demand });
    await lab.until(1);
    demand.want(0);
    await lab.until(2);
    await running.stop();
    demand.want(asItComes);
    await lab.until(10);
    expect(diary.filter((line) => line.startsWith('start'))).toEqual(['start 1']);
    expect(demand.listening()).toBe(0);
    expect(running.stats()).toMatchObject({ activity: 'idle', status: 'stopped' });
  });

  test('a push feed lets go first, and connects again only when it has, or has had its time', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const diary: [number, string][] = [];
    const note = (what: string) => diary.push([(lab.clock.now() - start) / second, what]);
    const goodbyes = [second, 3600 * second];
    const feed = defineFeed({
      name: 'broker',
      topics: { a: n },
      connect({ publish }) {
        note('connect');
        publish('a', { n: diary.length });
        return async () => {
          publish('a', { n: -1 });
          const due = lab.clock.now() + (goodbyes.shift() ?? 0);
          await new Promise((resolve) => lab.clock.at(due, () => resolve(undefined)));
          note('gone');
        };
      },
    });
    const running = lab.run(feed, { demand });
    await lab.until(1);
    demand.want(0);
    await lab.until(1.5);
    demand.want(5);
    await lab.until(10);
    demand.want(0);
    await lab.until(10.1);
    demand.want(5);
    await lab.until(19);
    expect(diary).toEqual([
      [0, 'connect'],
      [2, 'gone'],
      [2, 'connect'],
      [10 + stopGraceMs / 1000, 'connect'],
    ]);
    expect(lab.logged).toEqual(['feed "broker" did not stop within 1.5 s; going on without it']);
    expect(lab.published.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 3 }, { n: 4 }]);
    expect(running.stats()).toMatchObject({ status: 'ok', errors: 0, restarts: 0 });
    const stopped = running.stop();
    await lab.until(22);
    await stopped;
  });

  test('a connection that fails because it was given up is no failure', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const feed = defineFeed({ name: 'dialler', topics: { a: n }, connect: ({ clock }) => clock.sleep(60_000) });
    const running = lab.run(feed, { demand });
    await lab.until(1);
    demand.want(0);
    await lab.until(2);
    expect(running.stats()).toMatchObject({ activity: 'idle', errors: 0, lastError: undefined });
    await running.stop();
  });

  test('a failing feed is not tried again while nobody wants it, and demand does not shorten its wait', async () => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    const startedAt: number[] = [];
    const feed = defineFeed({
      name: 'flaky',
      topics: { a: n },
      connect({ clock }) {
        startedAt.push((clock.now() - start) / 1000);
        throw new Error('no route');
      },
    });
    const running = lab.run(feed, { demand });
    await lab.until(0.1);
    demand.want(0);
    await lab.until(0.5);
    expect(running.stats()).toMatchObject({ activity: 'running', statusText: 'no route; starting again in 0.8 s' });
    await lab.until(100);
    const statusText = 'no route; starting again when it is wanted';
    expect(running.stats()).toMatchObject({ activity: 'idle', status: 'degraded', statusText, restarts: 0 });
    demand.want(2);
    await lab.until(100.5);
    expect(startedAt).toEqual([0, 100_000]);
    demand.want(0);
    await lab.until(100.6);
    demand.want(2);
    await lab.until(102);
    // the second wait is as long as it would have been, not the first one again
    expect(startedAt).toEqual([0, 100_000, 101_250]);
    expect(running.stats()).toMatchObject({ activity: 'running', errors: 3, restarts: 2 });
    await running.stop();
  });

  test.each([
    ['ended', async function* () {}],
    [
      'down',
      () => {
        throw new FeedError.Fatal('wrong key');
      },
    ],
  ] as const)('a feed that is %s stays so, whoever wants it', async (status, stream) => {
    const lab = createLab();
    const demand = createDemand(asItComes);
    let starts = 0;
    const feed = defineFeed({
      name: 'over',
      topics: { a: n },
      stream() {
        starts++;
        return stream();
      },
    });
    const running = lab.run(feed, { demand });
    await lab.until(1);
    demand.want(0);
    await lab.until(2);
    demand.want(asItComes);
    await lab.until(100);
    expect(starts).toBe(1);
    expect(running.stats()).toMatchObject({ status, activity: 'idle' });
    await running.stop();
  });

  test('without anyone to ask everything is wanted as it comes', async () => {
    const lab = createLab();
    const seen: number[] = [];
    const feed = defineFeed({
      name: 'alone',
      topics: { a: n },
      connect: (context) => void seen.push(context.demand()),
    });
    const running = lab.run(feed);
    await lab.until(1);
    expect(seen).toEqual([asItComes]);
    expect(running.stats().activity).toBe('running');
    await running.stop();
  });
});

test('a setup that does not return is reported by the name of its feed', async () => {
  const lab = createLab({ patienceMs: 20 });
  const feed = defineFeed({ name: 'stuck', topics: { a: n }, every: 100, setup: never, tick() {} });
  const running = lab.run(feed);
  await lab.until(10);
  expect(lab.logged).toEqual(['feed "stuck": setup has not returned for 10 s']);
  const stopped = running.stop();
  await lab.until(15);
  await stopped;
});

test('it runs on the clock of the machine as well', async () => {
  const { systemClock } = await import('../../src/feed/clock.ts');
  const lines: string[] = [];
  const feed = defineFeed({
    name: 'real',
    topics: { a: n },
    every: 5,
    tick: ({ publish }) => publish('a', { n: 1 }),
  });
  const seen: number[] = [];
  const clock = systemClock();
  await new Promise<void>((resolve) => {
    const sink = {
      publish(_topic: string, _data: unknown, { ts }: { ts: number }) {
        seen.push(ts);
        if (seen.length === 3) running.stop().then(resolve);
        return undefined;
      },
      remove: () => undefined,
      redeclare: () => {},
    };
    const running = runFeed(feed, { name: 'real', config: {}, seed: '', clock, sink, log: listLog(lines) });
  });
  expect(seen.map((ts) => ts % 5000)).toEqual([0, 0, 0]);
  expect(lines).toEqual([]);
});
