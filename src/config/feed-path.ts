import { resolve } from 'node:path';
import { isFeedPath } from '../feed/feed-path.ts';

/** A path typed in a shell starts at the shell's folder, wherever the config file lies. */
export function resolveFeedPath(use: string, cwd: string): string {
  return isFeedPath(use) ? resolve(cwd, use) : use;
}
