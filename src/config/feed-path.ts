import { isAbsolute, resolve } from 'node:path';

/** True for a path to a feed's file, false for the name of a built-in feed. */
export function isFeedPath(use: string): boolean {
  return isAbsolute(use) || /^\.{1,2}[\\/]/.test(use) || /\.[cm]?[jt]s$/.test(use);
}

/** A path typed in a shell starts at the shell's folder, wherever the config file lies. */
export function resolveFeedPath(use: string, cwd: string): string {
  return isFeedPath(use) ? resolve(cwd, use) : use;
}
