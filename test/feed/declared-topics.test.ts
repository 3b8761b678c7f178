import { expect, test } from 'vitest';
import { z } from 'zod';
import { declarationOf, declaredTopics, topicPatterns } from '../../src/feed/declared-topics.ts';
import { defineFeed } from '../../src/feed/define-feed.ts';

const any = { schema: z.unknown() };

test('a placeholder stands for one segment of a topic, whatever is in it', () => {
  const declared = declaredTopics({ 'tide.{port}.level': any });
  expect(declared('tide.dover.level')).toEqual({ pattern: 'tide.{port}.level', declaration: any });
  for (const topic of [
    'tide.level',
    'tide..level',
    'tide.a.b.level',
    'tide.a.level.x',
    'x.tide.a.level',
    'tidexaxlevel',
  ]) {
    expect(declared(topic)).toBeUndefined();
  }
});

test('a name written out goes before placeholders, and of those the first declared', () => {
  const declared = declaredTopics({ '{a}.b': any, '{c}.{d}': any, 'x.b': any });
  expect(declared('x.b')?.pattern).toBe('x.b');
  expect(declared('y.b')?.pattern).toBe('{a}.b');
  expect(declared('y.z')?.pattern).toBe('{c}.{d}');
  expect(declared('y.z')?.pattern).toBe('{c}.{d}');
});

test("names of an object's own making are no topics", () => {
  const declared = declaredTopics({ a: any });
  expect(declared('constructor')).toBeUndefined();
  expect(declared('__proto__')).toBeUndefined();
});

test('a feed declares by its configuration', () => {
  const feed = defineFeed({
    name: 'by-config',
    config: z.object({ root: z.string().default('r') }),
    topics: ({ root }) => ({ [`${root}.{x}`]: any }),
    every: 1000,
    tick() {},
  });
  const [mine, yours] = [{ root: 'mine' }, { root: 'yours' }];
  expect(declarationOf(feed, mine, 'mine.a')?.pattern).toBe('mine.{x}');
  expect(declarationOf(feed, yours, 'mine.a')).toBeUndefined();
  expect(declarationOf(feed, yours, 'yours.a')?.pattern).toBe('yours.{x}');
});

test('the patterns of declared topics have a wildcard for each placeholder', () => {
  const topics = { 'tide.{port}.level': any, 'iot.{site}.{device}.state': any, plain: any };
  expect(topicPatterns(topics)).toEqual(['tide.*.level', 'iot.*.*.state', 'plain']);
});
