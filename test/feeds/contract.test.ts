import { describe, expect, test } from 'vitest';
import { feeds } from '../../feeds/index.ts';
import { SchemaRegistry } from '../../src/bus/index.ts';
import type { Feed } from '../../src/feed/define-feed.ts';
import { runFeed } from '../../src/feed/feed-runner.ts';
import { expectClean, expectDeterministic, runInVirtualTime } from '../../src/feed/testing.ts';
import { createVirtualClock } from '../../src/feed/virtual-clock.ts';
import { fromPositions, toPositions, topicFault } from '../../src/protocol/index.ts';

const generators = ['stocks', 'weather', 'iot'];
const forMs = 120_000;

test('no two feeds share a name', () => {
  expect(new Set(feeds.map(({ name }) => name)).size).toBe(feeds.length);
});

describe.each(feeds.map((feed) => [feed.name, feed] as const))('%s', (name, feed) => {
  test('runs with no configuration at all, and says what it is', () => {
    expect(feed.config.safeParse({}).success).toBe(true);
    expect(feed.description.length).toBeGreaterThan(20);
  });

  test('refuses a setting that it does not have, by name', () => {
    const result = feed.config.safeParse({ noSuchSetting: 1 });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain('noSuchSetting');
  });

  test('publishes what it declares and nothing else, in order of time on each topic', async () => {
    const run = await runInVirtualTime(feed, { forMs: generators.includes(name) ? forMs : 5000 });
    expectClean(run);
    expect(run.published.length).toBeGreaterThan(0);
    const last = new Map<string, number>();
    for (const { topic, ts } of run.published) {
      expect(topicFault(topic)).toBeUndefined();
      expect(ts).toBeGreaterThanOrEqual(last.get(topic) ?? 0);
      last.set(topic, ts);
    }
  });

  test('what it publishes loses nothing on the wire but digits past its scale', async () => {
    const { published } = await runInVirtualTime(feed, { forMs: 5000 });
    const schemas = new SchemaRegistry();
    const run = runnableTopics(feed);
    for (const { topic, data } of published.slice(0, 500)) {
      const schema = schemas.of(run(topic));
      const positions = toPositions(schema, data);
      const read = fromPositions(schema, positions);
      expect(Object.keys(Object(read))).toEqual(Object.keys(Object(absentAsNull(schema.fields, data))));
      expect(toPositions(schema, read)).toEqual(positions);
      expect(positions.filter((value) => value === undefined || Number.isNaN(value))).toEqual([]);
    }
  });
});

describe.each(generators)('%s', (name) => {
  const feed = feeds.find((candidate) => candidate.name === name)!;

  test('the same seed gives the same bytes', () => expectDeterministic(feed, { seed: '7', forMs }));

  test('another seed gives others', async () => {
    const [a, b] = await Promise.all(['7', '8'].map((seed) => runInVirtualTime(feed, { seed, forMs: 20_000 })));
    expect(a!.published).not.toEqual(b!.published);
  });

  test('what else runs beside it changes nothing', async () => {
    const alone = await together([feed]);
    const among = await together(generators.map((each) => feeds.find((candidate) => candidate.name === each)!));
    expect(among.get(name)).toEqual(alone.get(name));
    expect(alone.get(name)!.length).toBeGreaterThan(10);
  });
});

/** Runs feeds side by side on one clock; what each published, as text. */
async function together(some: readonly Feed[]): Promise<Map<string, string[]>> {
  const from = Date.UTC(2026, 0, 5) * 1000;
  const clock = createVirtualClock(from);
  const lines = new Map<string, string[]>(some.map((feed) => [feed.name, []]));
  const silent = () => {};
  const running = some.map((feed) =>
    runFeed(feed, {
      name: feed.name,
      config: feed.config.parse({}),
      seed: '7',
      clock,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      sink: {
        publish: (topic, data, { ts, key }) => {
          lines.get(feed.name)?.push(JSON.stringify([topic, ts, key, data]));
          return undefined;
        },
        remove: () => undefined,
        redeclare: () => {},
      },
    }),
  );
  await clock.advanceTo(from + 30_000_000);
  const stopping = Promise.all(running.map((feed) => feed.stop()));
  await clock.advanceTo(clock.now() + 10_000_000);
  await stopping;
  return lines;
}

function runnableTopics(feed: Feed) {
  const topics = feed.topicsOf(feed.config.parse({}));
  return (topic: string) => {
    const found = Object.entries(topics).find(([pattern]) =>
      new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^.]+')}$`).test(topic),
    );
    return found![1].schema;
  };
}

/** The wire knows no difference between absent and null. */
function absentAsNull(fields: readonly { name: string }[], data: unknown): unknown {
  if (fields.length === 1 && fields[0]!.name === '') return data;
  return Object.fromEntries(fields.map(({ name }) => [name, (data as Record<string, unknown>)[name] ?? null]));
}
