/** Which page of a topic's history is asked for. */

import { boolean, isGiven, object, string, whole } from './field-readers.ts';
import type { HistoryQuery } from './frames.ts';

/** Nothing is asked for that is not said; how long a page may be is for who answers to say. */
export function readHistoryQuery(value: unknown): HistoryQuery {
  const { epoch, after, before, since, limit, reverse } = object(value ?? {}, 'query');
  return {
    ...(isGiven(epoch) && { epoch: string(epoch, 'query.epoch') }),
    ...(isGiven(after) && { after: whole(after, 'query.after') }),
    ...(isGiven(before) && { before: whole(before, 'query.before') }),
    ...(isGiven(since) && { since: whole(since, 'query.since') }),
    ...(isGiven(limit) && { limit: whole(limit, 'query.limit', 1) }),
    ...(isGiven(reverse) && { reverse: boolean(reverse, 'query.reverse') }),
  };
}
