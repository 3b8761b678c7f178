import { expect, test } from 'vitest';
import { z } from 'zod';
import { Origin, type Publication, SchemaRegistry } from '../src/bus/index.ts';
import { openTopics } from '../src/open-topics.ts';
import { ManualTime } from './support/manual-time.ts';

test('the first entry that selects a topic decides what it takes', () => {
  const { publish } = setUp();
  expect(publish('lab.a.count', 5, undefined)).toEqual({ seq: 1 });
  expect(publish('lab.a.count', 'five', undefined)).toMatchObject({ refused: 'schemaMismatch' });
  expect(publish('lab.a.note', { any: ['thing', null] }, undefined)).toEqual({ seq: 1 });
});

test('a topic that is not open, or is a feed’s, is forbidden', () => {
  const { publish, origin } = setUp();
  origin.topic('lab.feed.note', 'feed lab', { kind: 'latest', schema: z.unknown(), checkEvery: 1 });
  expect(publish('other', 1, undefined)).toMatchObject({
    refused: 'forbidden',
    message: expect.stringContaining('"other"'),
  });
  expect(publish('lab.feed.note', 1, undefined)).toMatchObject({
    refused: 'forbidden',
    message: expect.stringContaining('feed lab'),
  });
});

test('names can not be made up without end', () => {
  const { publish } = setUp();
  for (let i = 0; i < 10_000; i++) expect(publish(`lab.n${i}.note`, 1, undefined)).toEqual({ seq: 1 });
  expect(publish('lab.more.note', 1, undefined)).toMatchObject({ refused: 'limit' });
  expect(publish('lab.n0.note', 2, undefined)).toEqual({ seq: 2 });
});

test('rows live as long as the publication says, or the entry', () => {
  const { publish, published, time } = setUp();
  publish('table.a', 1, 'usual');
  publish('table.a', 1, 'short', 50);
  time.pass(50);
  expect(published.slice(2)).toMatchObject([{ key: 'short', values: undefined }]);
  time.pass(950);
  expect(published.slice(3)).toMatchObject([{ key: 'usual', values: undefined }]);
  expect(publish('lab.note', 1, undefined, 50)).toMatchObject({ refused: 'badRequest' });
});

function setUp() {
  const published: Publication[] = [];
  const publish = (publication: Publication) => void published.push(publication);
  const backplane = { open: () => {}, publish, redeclare: () => {} };
  const time = new ManualTime();
  const originTime = { now: () => time.now() * 1000, monotonicMs: time.elapsed, after: time.after };
  const origin = new Origin(backplane, new SchemaRegistry(), undefined, originTime);
  const entries = [
    { pattern: 'lab.*.count', kind: 'latest', schema: z.int() },
    { pattern: 'lab.>', kind: 'event' },
    { pattern: 'table.*', kind: 'keyed', ttlMs: 1000 },
  ] as const;
  return { origin, published, time, publish: openTopics(entries, origin, () => 1) };
}
