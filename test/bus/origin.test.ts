import { expect, test } from 'vitest';
import { z } from 'zod';
import { Origin, OwnedTopic } from '../../src/bus/origin.ts';
import type { Publication, Topic } from '../../src/bus/publication.ts';
import { SchemaRegistry } from '../../src/bus/schema-registry.ts';
import { decimal } from '../../src/feed/index.ts';
import { ManualTime } from '../support/manual-time.ts';

const declaration = {
  kind: 'latest',
  schema: z.object({ px: decimal(2), note: z.string().optional() }),
  checkEvery: 1,
} as const;

test('publications are numbered from 1 on each topic and carry wire values', () => {
  const { origin, published } = setUp();
  const a = own(origin, 'a');
  const b = own(origin, 'b');
  expect(a.publish({ px: 187.23 }, { ts: 5 })).toEqual({ seq: 1 });
  expect(a.publish({ px: 0.1, note: 'x' }, { ts: 6 })).toEqual({ seq: 2 });
  expect(b.publish({ px: 1 }, { ts: 7 })).toEqual({ seq: 1 });
  expect(published.map(({ topic, seq, ts, values }) => [topic.name, seq, ts, values])).toEqual([
    ['a', 1, 5, [18723, null]],
    ['a', 2, 6, [10, 'x']],
    ['b', 1, 7, [100, null]],
  ]);
});

test('data that does not fit is refused with the field and the value, and takes no number', () => {
  const { origin, published } = setUp();
  const topic = own(origin, 'a');
  for (const px of ['x', Number.NaN, undefined]) {
    const outcome = topic.publish({ px }, { ts: 1 });
    expect(outcome).toMatchObject({ refused: 'schemaMismatch', message: expect.stringContaining('topic "a": px: ') });
  }
  expect(topic.publish({ px: 'x' }, { ts: 1 })).toMatchObject({ message: expect.stringContaining('got "x"') });
  expect(published).toEqual([]);
  expect(topic.publish({ px: 1 }, { ts: 1 })).toEqual({ seq: 1 });
});

test('data that no frame can hold is refused too', () => {
  const { origin, published } = setUp();
  const topic = own(origin, 'a', { ...declaration, schema: z.unknown() });
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(topic.publish(cycle, { ts: 1 })).toMatchObject({
    refused: 'badRequest',
    message: expect.stringContaining('topic "a"'),
  });
  expect(published).toEqual([]);
});

test('a sampled topic checks the first publication, then one in so many, and all again after a mistake', () => {
  const { origin } = setUp();
  const topic = own(origin, 'a', { ...declaration, checkEvery: 3 });
  const outcomes = [1, 'bad', 'bad', 'bad', 'bad', 1, 'bad'].map((px) => 'refused' in topic.publish({ px }, { ts: 1 }));
  expect(outcomes).toEqual([false, false, false, true, true, false, false]);
});

test('a topic belongs to who opened it', () => {
  const { origin, opened } = setUp();
  own(origin, 'a');
  expect(origin.topic('a', 'somebody else', declaration)).toEqual({
    refused: 'forbidden',
    message: 'topic "a" belongs to me',
  });
  expect(origin.topic('a b', 'me', declaration)).toMatchObject({ refused: 'badRequest' });
  expect(opened.map(({ name }) => name)).toEqual(['a']);
});

test('a keyed topic needs a key, and no other takes one', () => {
  const { origin, published } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed' });
  expect(table.publish({ px: 1 }, { ts: 1 })).toMatchObject({ refused: 'badRequest' });
  expect(table.publish({ px: 1 }, { ts: 1, key: 'k' })).toEqual({ seq: 1 });
  expect(table.remove('k', 2)).toEqual({ seq: 2 });
  expect(published.map(({ key, values }) => [key, values])).toEqual([
    ['k', [100, null]],
    ['k', undefined],
  ]);
  expect(own(origin, 'value').publish({ px: 1 }, { ts: 1, key: 'k' })).toMatchObject({ refused: 'badRequest' });
});

test('each life of a topic has an epoch of its own', () => {
  const { origin, opened } = setUp();
  own(origin, 'a');
  own(origin, 'b');
  expect(opened[0]!.epoch).toMatch(/^[\w-]{8}$/);
  expect(opened[0]!.epoch).not.toBe(opened[1]!.epoch);
});

test('a row is taken off when its time is over, unless it was published or removed before', () => {
  const { origin, published, time } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed' });
  for (const key of ['a', 'again', 'removed', 'stays']) table.publish({ px: 1 }, { ts: 1, key, ttlMs: 1000 });
  time.pass(600);
  table.publish({ px: 2 }, { ts: 2, key: 'again', ttlMs: 1000 });
  table.publish({ px: 2 }, { ts: 2, key: 'stays' });
  table.remove('removed', 3);
  published.length = 0;
  time.pass(400);
  const now = time.now() * 1000;
  expect(published).toMatchObject([{ seq: 8, ts: now, key: 'a', values: undefined }]);
  time.pass(600);
  expect(published.slice(1)).toMatchObject([{ seq: 9, key: 'again', values: undefined }]);
  time.pass(1_000_000);
  expect(published).toHaveLength(2);
  expect(table.publish({ px: 1 }, { ts: 4, key: 'a' })).toEqual({ seq: 10 });
});

test('a topic may say for all its rows how long they live, and a publication otherwise for one', () => {
  const { origin, published, time } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed', ttlMs: 1000 });
  table.publish({ px: 1 }, { ts: 1, key: 'usual' });
  table.publish({ px: 1 }, { ts: 1, key: 'long', ttlMs: 5000 });
  time.pass(4999);
  expect(published.slice(2)).toMatchObject([{ key: 'usual', values: undefined }]);
  time.pass(1);
  expect(published.slice(3)).toMatchObject([{ key: 'long', values: undefined }]);
});

test('rows live by a clock that nobody sets', () => {
  const { origin, published, time } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed', ttlMs: 1000 });
  table.publish({ px: 1 }, { ts: 1, key: 'a' });
  time.wallShiftMs = 3_600_000;
  time.pass(999);
  expect(published).toHaveLength(1);
  time.wallShiftMs = -3_600_000;
  time.pass(1);
  expect(published).toHaveLength(2);
});

test('what is refused leaves a row its time', () => {
  const { origin, published, time } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed' });
  table.publish({ px: 1 }, { ts: 1, key: 'a', ttlMs: 1000 });
  expect(table.publish({ px: 'x' }, { ts: 2, key: 'a', ttlMs: 9000 })).toMatchObject({ refused: 'schemaMismatch' });
  time.pass(1000);
  expect(published).toHaveLength(2);
});

test('a time to live that is none, or of what is no row, is refused with its value', () => {
  const { origin, published } = setUp();
  const table = own(origin, 'table', { ...declaration, kind: 'keyed' });
  const range = 'ttlMs on topic "table" must be a whole number from 1 to 86400000, got ';
  for (const ttlMs of [0, -1, 1.5, Number.NaN, 86_400_001]) {
    const outcome = table.publish({ px: 1 }, { ts: 1, key: 'a', ttlMs });
    expect(outcome).toEqual({ refused: 'badRequest', message: `${range}${ttlMs}` });
  }
  const value = own(origin, 'value').publish({ px: 1 }, { ts: 1, ttlMs: 5 });
  const isNoTable = { refused: 'badRequest', message: 'topic "value" is latest, so it takes no ttlMs, got 5' };
  expect(value).toEqual(isNoTable);
  expect(origin.topic('value', 'me', { ...declaration, ttlMs: 5 })).toBeInstanceOf(OwnedTopic); // it is open already
  expect(origin.topic('other', 'me', { ...declaration, ttlMs: 5 })).toMatchObject({ refused: 'badRequest' });
  expect(origin.ownerOf('other')).toBeUndefined();
  expect(published).toEqual([]);
});

test('no row expires after stop', () => {
  const { origin, published, time } = setUp();
  own(origin, 'table', { ...declaration, kind: 'keyed' }).publish({ px: 1 }, { ts: 1, key: 'a', ttlMs: 10 });
  origin.stop();
  time.pass(10_000);
  expect(published).toHaveLength(1);
});

function setUp() {
  const opened: Topic[] = [];
  const published: Publication[] = [];
  const backplane = {
    open: (topic: Topic) => void opened.push(topic),
    publish: (publication: Publication) => void published.push(publication),
    redeclare: (topic: Topic) => void opened.push(topic),
  };
  const time = new ManualTime();
  const originTime = { now: () => time.now() * 1000, monotonicMs: time.elapsed, after: time.after };
  const origin = new Origin(backplane, new SchemaRegistry(), undefined, originTime);
  return { origin, opened, published, time };
}

function own(origin: Origin, name: string, how: Parameters<Origin['topic']>[2] = declaration): OwnedTopic {
  const topic = origin.topic(name, 'me', how);
  if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
  return topic;
}
