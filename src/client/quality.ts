/** How far what is shown may be trusted to be the present. */

import type { TopicCondition } from '../protocol/frames.ts';

/**
 * `recovering`: there is no connection, or the state on it has not come yet. `stale`: the source itself is silent for
 * longer than is normal. `degraded`: this connection is slow, so only the newest comes. `live`: none of these.
 */
export type Quality = 'live' | 'degraded' | 'stale' | 'recovering';

export type Circumstances = {
  readonly isUpToDate: boolean;
  readonly condition: TopicCondition;
  readonly isDegraded: boolean;
};

/** The worst word that is true. */
export function qualityOf({ isUpToDate, condition, isDegraded }: Circumstances): Quality {
  if (!isUpToDate) return 'recovering';
  if (condition === 'stale') return 'stale';
  return isDegraded ? 'degraded' : 'live';
}
