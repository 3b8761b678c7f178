import type { Feed } from '../src/feed/index.ts';

/** Every feed that ships with Tickwire. To add one: write feeds/<name>.ts, list it here. */
export const feeds: readonly Feed[] = [];
