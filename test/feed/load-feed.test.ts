import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { FeedError } from '../../src/feed/feed-error.ts';
import { loadFeed } from '../../src/feed/load-feed.ts';
import { expectClean, runInVirtualTime } from '../../src/feed/testing.ts';

const [stocks, host] = ['stocks', 'host'].map((name) =>
  defineFeed({ name, topics: { a: { schema: z.unknown() } }, every: 1000, tick() {} }),
);
const builtIn = [stocks!, host!];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feeds-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a built-in feed is found by its name', async () => {
  expect(await load('host')).toBe(host);
});

test('an unknown name is told with the known ones and the nearest', async () => {
  await expect(load('stonks')).rejects.toThrow(
    'no feed is called "stonks"; did you mean "stocks"? There are: stocks, host. ' +
      'A file of your own is a path: ./stonks.ts',
  );
  await expect(loadFeed('x', { builtIn: [], from: folder })).rejects.toThrow('no feed is called "x". There are none');
});

test('a TypeScript file runs as it is, enums, neighbours and all, far from any package', async () => {
  await write('helper.ts', 'export const start: number = 40;');
  await write('mine.ts', goodFeed);
  const feed = await load('./mine.ts');
  const run = await runInVirtualTime(feed, { forMs: 2000 });
  expectClean(run);
  expect(run.published.map(({ topic, data }) => [topic, data])).toEqual([
    ['mine.up', { n: 42 }],
    ['mine.up', { n: 42 }],
  ]);
});

test('it shares zod and the errors with the house', async () => {
  await write(
    'shares.mjs',
    `import { defineFeed, FeedError } from 'tickwire/feed';
     import { z } from 'zod';
     import { z as z4 } from 'zod/v4';
     export default defineFeed({
       name: 'shares',
       topics: { a: { schema: z.any() } },
       connect() { throw new FeedError.Fatal(String(globalThis.seenByTest?.({ z, z4, FeedError }))); },
     });`,
  );
  const seen: unknown[] = [];
  Object.assign(globalThis, { seenByTest: (parts: unknown) => seen.push(parts) });
  const { stats } = await runInVirtualTime(await load(join(folder, 'shares.mjs')), { forMs: 1 });
  expect(stats).toMatchObject({ status: 'down', restarts: 0 });
  const [parts] = seen as [Record<string, unknown>];
  expect(parts.FeedError === FeedError && parts.z === z && parts.z4 === z).toBe(true);
});

test.each([
  ['missing.ts', undefined, 'feed file not found: PATH'],
  ['throws.ts', 'throw new Error("no luck");', 'feed file PATH could not be loaded: no luck'],
  ['typo.ts', 'export default {{', 'feed file PATH could not be loaded: '],
  ['absent.ts', 'import "./not-there.ts";', 'feed file PATH could not be loaded: '],
  [
    'invalid.ts',
    'import { defineFeed } from "tickwire/feed"; export default defineFeed({ name: "Bad Name", topics: {} } as never);',
    'feed file PATH could not be loaded: feed "Bad Name" must have exactly one of tick, stream and connect, has 0',
  ],
  [
    'none.ts',
    'export const feed = 1;',
    'feed file PATH must `export default defineFeed({ … })`, its default export is missing',
  ],
  ['plain.ts', 'export default { name: "x" };', 'its default export is a plain object'],
  ['nil.ts', 'export default null;', 'its default export is null'],
])('%s is refused with its path and reason', async (name, source, message) => {
  if (source !== undefined) await write(name, source);
  await expect(load(`./${name}`)).rejects.toThrow(message.replace('PATH', join(folder, name)));
});

test('a folder is no feed file', async () => {
  await expect(load('./')).rejects.toThrow(/feed file is not a file: /);
});

test('the cause of a failed load is kept', async () => {
  await write('cause.ts', 'throw new RangeError("deep");');
  await expect(load('cause.ts')).rejects.toMatchObject({ cause: { name: 'RangeError', message: 'deep' } });
});

function load(use: string) {
  return loadFeed(use, { builtIn, from: folder });
}

async function write(name: string, source: string): Promise<void> {
  await writeFile(join(folder, name), source);
}

const goodFeed = `
import { defineFeed } from 'tickwire/feed';
import { z } from 'zod';
import { start } from './helper.ts';

enum Step { One = 1, Two }
namespace Names { export const up = 'up' as const; }
class Counter { constructor(public n: number) {} }

export default defineFeed({
  name: 'mine',
  topics: { 'mine.{way}': { schema: z.object({ n: z.number() }) } },
  every: 1000,
  setup: () => new Counter(start + Step.Two),
  tick: ({ publish }, state: Counter) => publish(\`mine.\${Names.up}\`, { n: state.n }),
});
`;
