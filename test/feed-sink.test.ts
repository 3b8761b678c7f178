import { expect, test } from 'vitest';
import { z } from 'zod';
import { Origin, type Publication, SchemaRegistry, type Topic } from '../src/bus/index.ts';
import { declaredTopics } from '../src/feed/declared-topics.ts';
import { feedSink } from '../src/feed-sink.ts';
import { ManualTime } from './support/manual-time.ts';

test('a topic is opened by its first publication, with what the feed declares', () => {
  const { sink, opened, published } = setUp();
  expect(sink.publish('tide.dover', { m: 1 }, { ts: 7 })).toBeUndefined();
  expect(sink.publish('tide.dover', { m: 2 }, { ts: 8 })).toBeUndefined();
  expect(opened).toMatchObject([{ name: 'tide.dover', kind: 'latest', maxSilenceMs: 5000, history: { maxCount: 7 } }]);
  expect(published.map(({ seq, ts, values }) => [seq, ts, values])).toEqual([
    [1, 7, [1]],
    [2, 8, [2]],
  ]);
});

test('a recording may say of which kind a topic was', () => {
  const { sink, opened } = setUp();
  sink.publish('tide.dover', { m: 1 }, { ts: 7, kind: 'event' });
  expect(opened).toMatchObject([{ kind: 'event' }]);
});

test('rows live as long as the feed says, in its declaration or with a publication', () => {
  const { sink, published, time } = setUp();
  sink.publish('port.open', { m: 1 }, { ts: 7, key: 'usual' });
  sink.publish('port.open', { m: 1 }, { ts: 7, key: 'long', ttlMs: 9000 });
  time.pass(1000);
  expect(published.slice(2)).toMatchObject([{ key: 'usual', values: undefined }]);
  time.pass(8000);
  expect(published.slice(3)).toMatchObject([{ key: 'long', values: undefined }]);
  expect(sink.publish('tide.dover', { m: 1 }, { ts: 7, ttlMs: 5 })).toContain('takes no ttlMs');
});

test('the declared life of rows is no trouble where a recording says that there are none', () => {
  const { sink, published } = setUp();
  expect(sink.publish('port.open', { m: 1 }, { ts: 7, kind: 'event' })).toBeUndefined();
  expect(published).toHaveLength(1);
});

test('what cannot be published is refused in words that name it', () => {
  const { sink, origin, published } = setUp();
  origin.topic('tide.theirs', 'feed other', { kind: 'latest', schema: z.unknown(), checkEvery: 1 });
  expect(sink.publish('wave.dover', { m: 1 }, { ts: 1 })).toContain('"wave.dover"');
  expect(sink.publish('tide.dover', { m: 'high' }, { ts: 1 })).toMatch(/m: .*"high"/);
  expect(sink.publish('tide.theirs', { m: 1 }, { ts: 1 })).toContain('belongs to feed other');
  expect(sink.remove('tide.dover', 'k', 1)).toContain('takes no key');
  expect(published).toEqual([]);
});

test('a file’s feed is checked each time, a built-in one now and then', () => {
  const outcomes = (isTrusted: boolean) => {
    const { sink } = setUp(isTrusted);
    return [{ m: 1 }, { m: 'x' }, { m: 'x' }].map((data) => sink.publish('tide.dover', data, { ts: 1 }) === undefined);
  };
  expect(outcomes(false)).toEqual([true, false, false]);
  expect(outcomes(true)).toEqual([true, true, true]);
});

test('topics go over to another schema, those that are open and those to come', () => {
  const { sink, published } = setUp();
  sink.publish('tide.dover', { m: 1 }, { ts: 1 });
  sink.redeclare('tide.{port}', z.object({ cm: z.number() }));
  expect(sink.publish('tide.dover', { m: 1 }, { ts: 2 })).toMatch(/cm: /);
  for (const topic of ['tide.dover', 'tide.calais']) expect(sink.publish(topic, { cm: 1 }, { ts: 3 })).toBeUndefined();
  expect(published.map(({ topic, seq }) => [topic.name, seq, topic.schema.fields.map(({ name }) => name)])).toEqual([
    ['tide.dover', 1, ['m']],
    ['tide.dover', 2, ['cm']],
    ['tide.calais', 1, ['cm']],
  ]);
});

function setUp(isTrusted = false) {
  const opened: Topic[] = [];
  const published: Publication[] = [];
  const time = new ManualTime();
  const origin = new Origin(
    {
      open: (topic) => void opened.push(topic),
      publish: (publication) => void published.push(publication),
      redeclare: (topic) => void opened.push(topic),
    },
    new SchemaRegistry(),
    undefined,
    { now: () => time.now() * 1000, monotonicMs: time.elapsed, after: time.after },
  );
  const tide = { schema: z.object({ m: z.number() }), maxSilenceMs: 5000, history: { maxCount: 7 } };
  const port = { schema: tide.schema, kind: 'keyed', ttlMs: 1000 } as const;
  const declaredFor = declaredTopics({ 'tide.{port}': tide, 'port.{name}': port });
  return {
    opened,
    published,
    origin,
    time,
    sink: feedSink(origin, { owner: 'feed tides', isTrusted, declaredFor, redeclared: new Map() }),
  };
}
