/** Which topics keep a history, and how much of one. */

import { matches } from '../protocol/index.ts';
import type { HistoryLimits } from './history-log.ts';
import type { Topic } from './publication.ts';

/** What the topics of a pattern keep; `maxCount` 0: nothing. */
export type HistoryRule = { readonly pattern: string } & HistoryLimits;

/** Of event topics that no rule selects, and of rules and owners for what they do not say. */
export const historyDefaults: HistoryLimits = {
  maxCount: 1000, // a page of history at its longest; at ten events a second a subscriber may be away for 100 s
  maxBytes: 128 * 1024, // 512 such topics fill the 64 MiB that server.historyBytes allows
  maxAgeMs: 600_000, // a closed laptop, a train in a tunnel: who is away for longer begins with the present
};

/** The first rule that selects the topic decides, then its owner, then its kind. Ephemeral topics are never kept. */
export function historyLimitsFor(
  rules: readonly HistoryRule[],
  { name, kind, history }: Pick<Topic, 'name' | 'kind' | 'history'>,
): HistoryLimits | undefined {
  if (kind === 'ephemeral') return undefined;
  const rule = rules.find(({ pattern }) => matches(pattern, name));
  const limits = rule ?? limitsOfOwner(kind, history);
  return limits === undefined || limits.maxCount === 0 ? undefined : limits;
}

function limitsOfOwner(kind: Topic['kind'], history: Topic['history']): HistoryLimits | undefined {
  if (history !== undefined) return { ...historyDefaults, ...history };
  return kind === 'event' ? historyDefaults : undefined;
}
