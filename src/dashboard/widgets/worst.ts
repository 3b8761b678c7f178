import type { Quality } from '../../client/index.ts';

const order: readonly Quality[] = ['live', 'degraded', 'stale', 'recovering'];

/** The quality of a picture that is made of several; undefined when it is made of none. */
export function worstOf(qualities: readonly Quality[]): Quality | undefined {
  const worst = Math.max(-1, ...qualities.map((quality) => order.indexOf(quality)));
  return order[worst];
}
