/** Single parameters of a URL. */

import { ProtocolError } from '../protocol/index.ts';

/** What is no number is left as it is, for the reader of the whole to complain about. */
export function numberIn(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null) return undefined;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `1`, `true` or the bare name; `0` or `false`. Throws ProtocolError naming the parameter and the value. */
export function booleanIn(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text === '1' || text === 'true' || text === '') return true;
  if (text === '0' || text === 'false') return false;
  throw badParameter(name, text, '1 or 0');
}

/** From 1 to `max`. Throws ProtocolError naming the parameter and the value. */
export function limitIn(query: URLSearchParams, name: string, usual: number, max: number): number {
  const value = numberIn(query, name) ?? usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw badParameter(name, query.get(name) ?? '', `a whole number from 1 to ${max}`);
}

/** One of these words, the first where nothing is said. Throws ProtocolError naming the parameter and the value. */
export function wordIn<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = query.get(name);
  if (text === null) return words[0];
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw badParameter(name, text, words.join(', ').replace(/, ([^,]*)$/, ' or $1'));
}

function badParameter(name: string, text: string, wanted: string): ProtocolError {
  return new ProtocolError('badRequest', `${name} must be ${wanted}, got ${JSON.stringify(text.slice(0, 60))}`);
}
