/** What a URL asks to be subscribed to: `topics`, and the same wishes that SUBSCRIBE takes. */

import { ProtocolError, patternFault, readViewRequest } from '../protocol/index.ts';
import { readSince } from '../protocol/since.ts';
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
      maxRate: number(query, 'maxRate'),
      fields: query.has('fields') ? fields.filter(Boolean) : undefined,
      filter: query.get('filter'),
      delta: boolean(query, 'delta'),
    },
    'query',
  );
  const last = number(query, 'last');
  const ts = number(query, 'since');
  const asksBack = last !== undefined || ts !== undefined;
  return {
    patterns: [...new Set(patterns)],
    view,
    withRows: boolean(query, 'snapshot') ?? true,
    ...(asksBack && { since: readSince({ last, ts }, 'query') }),
  };
}

/** What is no number is left as it is, for the reader of the wish to complain about. */
function number(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null) return undefined;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function boolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text === '1' || text === 'true' || text === '') return true;
  if (text === '0' || text === 'false') return false;
  throw new ProtocolError('badRequest', `${name} must be 1 or 0, got "${text.slice(0, 60)}"`);
}
