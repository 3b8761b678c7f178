import { extname } from 'node:path';

const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.cts'];

/** True for a path to a feed's file, on any platform; false for the name of a built-in feed. */
export function isFeedPath(use: string): boolean {
  return /^\.{0,2}[/\\]/.test(use) || /^[A-Za-z]:[/\\]/.test(use) || extensions.includes(extname(use));
}
