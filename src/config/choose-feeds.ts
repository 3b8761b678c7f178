/** The feeds that a config names, loaded and checked but not run. */

import { feeds as builtIn } from '../../feeds/index.ts';
import type { Feed } from '../feed/define-feed.ts';
import { loadFeed, parseFeedConfig } from '../feed/load-feed.ts';
import { ConfigError } from './config-error.ts';
import type { Config, FeedEntry } from './config-input.ts';

export type ChosenFeed = {
  readonly name: string;
  readonly feed: Feed;
  readonly settings: unknown;
  /** Without it the server is not ready. */
  readonly isRequired: boolean;
};

/** Throws ConfigError with one problem for each feed that can't be loaded or is given wrong settings. */
export async function chooseFeeds({ feeds, folder }: Config): Promise<ChosenFeed[]> {
  const chosen: ChosenFeed[] = [];
  const problems: string[] = [];
  for (const [i, entry] of feeds.entries()) {
    try {
      chosen.push(await chooseFeed(entry, `feeds[${i}].config`, folder));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  problems.push(...sameNames(chosen));
  if (problems.length > 0) throw new ConfigError(problems);
  return chosen;
}

async function chooseFeed(
  { use, name, config, required = false }: FeedEntry,
  at: string,
  from: string,
): Promise<ChosenFeed> {
  const feed = await loadFeed(use, { builtIn, from });
  return { name: name ?? feed.name, feed, settings: parseFeedConfig(feed, config, at), isRequired: required };
}

/** A file's feed has the name that it gives itself, so some namesakes show only now. */
function sameNames(chosen: readonly ChosenFeed[]): string[] {
  const names = chosen.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return twice.map((name) => `feeds: two are named "${name}"; give one of them a name of its own: { use, name }`);
}
