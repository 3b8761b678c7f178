import type { Micros } from '../../src/feed/index.ts';
import type { ReplayFile } from './config.ts';

/** One publication as it was recorded. */
export type Recorded = {
  readonly topic: string;
  readonly ts: Micros;
  readonly key?: string;
  readonly kind?: ReplayFile['kind'];
} & ({ readonly data: unknown } | { readonly isRemoval: true });

/** The reason why `name` is no topic, or undefined when it is one. */
export function topicFault(name: string): string | undefined {
  if (name.length > 200) return 'is longer than 200 bytes';
  if (!/^[\w-]+(\.[\w-]+){0,15}$/.test(name)) return 'must be at most 16 dotted segments of A-Z a-z 0-9 _ -';
  return undefined;
}
