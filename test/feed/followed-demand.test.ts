import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { demandModeOf } from '../../src/feed/followed-demand.ts';

const schema = z.object({ n: z.number() });
const latest = { a: { schema } };
const mixed = { a: { schema }, b: { schema, kind: 'event' } } as const;
const timer = { every: 1000, tick() {} };

test.each([
  ['a timer of latest values goes by the rate', { topics: latest, ...timer }, 'rate'],
  ['a timer with any other kind of topic runs or rests', { topics: mixed, ...timer }, 'run'],
  ['a stream runs or rests', { topics: latest, async *stream() {} }, 'run'],
  ['a push feed runs or rests', { topics: latest, connect() {} }, 'run'],
  ['what a feed says goes before that', { topics: mixed, ...timer, demand: 'rate' }, 'rate'],
  ['so does always', { topics: latest, connect() {}, demand: 'always' }, 'always'],
] as const)('%s', (_rule, shape, expected) => {
  const feed = defineFeed({ name: 'feed', ...shape } as Parameters<typeof defineFeed>[0]);
  expect(demandModeOf(feed, feed.topics)).toBe(expected);
});

test('a demand that is none is named', () => {
  const demand = 'sometimes' as 'run';
  expect(() => defineFeed({ name: 'feed', topics: latest, ...timer, demand })).toThrow(
    'feed "feed": demand must be rate, run, always, got "sometimes"',
  );
});
