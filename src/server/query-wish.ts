/** What a URL asks to be subscribed to: `topics`, and the same wishes that SUBSCRIBE takes. */

import { ProtocolError, patternFault, readViewRequest } from '../protocol/index.ts';
import { readSince } from '../protocol/since.ts';
import { booleanIn, numberIn } from './query.ts';
import type { SubscriptionWish } from './subscription.ts';

const maxPatterns = 64; // a URL is for a few; SUBSCRIBE takes more

/** Throws ProtocolError naming the parameter and the value. Without `topics` the wish has no patterns. */
export function readWish(query: URLSearchParams): SubscriptionWish {
  const patterns = query.getAll('topics').flatMap((list) => list.split(','));
  if (patterns.length > maxPatterns) {
    throw new ProtocolError('limit', `topics names ${patterns.length} patterns, ${maxPatterns} are allowed`);
  }
  for (const pattern of patterns) {
    const fault = patternFault(pattern);
    if (fault !== undefined)
      throw new ProtocolError('badPattern', `topics: pattern "${pattern.slice(0, 80)}" ${fault}`);
  }
  const fields = query.getAll('fields').flatMap((list) => list.split(','));
  const view = readViewRequest(
    {
      maxRate: numberIn(query, 'maxRate'),
      fields: query.has('fields') ? fields.filter(Boolean) : undefined,
      filter: query.get('filter'),
      delta: booleanIn(query, 'delta'),
    },
    'query',
  );
  const last = numberIn(query, 'last');
  const ts = numberIn(query, 'since');
  const asksBack = last !== undefined || ts !== undefined;
  return {
    patterns: [...new Set(patterns)],
    view,
    withRows: booleanIn(query, 'snapshot') ?? true,
    ...(asksBack && { since: readSince({ last, ts }, 'query') }),
  };
}
