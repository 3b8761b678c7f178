import { expect, test } from 'vitest';
import { z } from 'zod';
import { Origin, OwnedTopic, type Publication, SchemaRegistry, type Topic } from '../../src/bus/index.ts';
import { decimal } from '../../src/feed/index.ts';

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

function setUp() {
  const opened: Topic[] = [];
  const published: Publication[] = [];
  const backplane = {
    open: (topic: Topic) => void opened.push(topic),
    publish: (publication: Publication) => void published.push(publication),
  };
  return { origin: new Origin(backplane, new SchemaRegistry()), opened, published };
}

function own(origin: Origin, name: string, how: Parameters<Origin['topic']>[2] = declaration): OwnedTopic {
  const topic = origin.topic(name, 'me', how);
  if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
  return topic;
}
