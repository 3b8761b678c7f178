/** From what a config says after `use` to a feed: a built-in by name, or a file of the user's, TypeScript included. */

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import * as zod from 'zod';
import { type Feed, isFeed } from './define-feed.ts';
import { isFeedPath } from './feed-path.ts';
import * as feedModule from './index.ts';
import { didYouMean } from './nearest.ts';
import { reasonOf } from './verdict.ts';

export { parseFeedConfig } from './feed-config.ts';

export type LoadFeedOptions = {
  readonly builtIn: readonly Feed[];
  /** The folder that relative paths start from. */
  readonly from: string;
};

/** Throws Error naming the feed or path and the reason. A file is read once; a change needs a new process. */
export async function loadFeed(use: string, { builtIn, from }: LoadFeedOptions): Promise<Feed> {
  return isFeedPath(use) ? await loadFile(resolve(from, use)) : findBuiltIn(use, builtIn);
}

function findBuiltIn(name: string, builtIn: readonly Feed[]): Feed {
  const feed = builtIn.find((one) => one.name === name);
  if (feed !== undefined) return feed;
  const names = builtIn.map((one) => one.name);
  const list = names.length === 0 ? 'There are none' : `There are: ${names.join(', ')}`;
  throw new Error(
    `no feed is called "${name}"${didYouMean(name, names) || '.'} ${list}. A file of your own is a path: ./${name || 'my-feed'}.ts`,
  );
}

async function loadFile(path: string): Promise<Feed> {
  if (!existsSync(path)) throw new Error(`feed file not found: ${path}`);
  if (!statSync(path).isFile()) throw new Error(`feed file is not a file: ${path}`);
  const feed = await importDefault(path);
  if (isFeed(feed)) return feed;
  throw new Error(`feed file ${path} must \`export default defineFeed({ … })\`, its default export is ${kindOf(feed)}`);
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module = await loader().import<{ default?: unknown }>(path);
    return module?.default;
  } catch (error) {
    throw new Error(`feed file ${path} could not be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * The user's file gets the very modules that run here, wherever it lies: no copy of ours or of zod need be installed
 * beside it, and errors and schemas are of one make.
 */
function loader() {
  return createJiti(import.meta.url, {
    virtualModules: { 'tickwire/feed': feedModule, zod, 'zod/v4': zod },
    interopDefault: false, // a module without a default export must show as such
    fsCache: false, // nothing is written where the user did not ask for it
  });
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  return value === null ? 'null' : `a plain ${typeof value}`;
}
