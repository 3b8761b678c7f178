/** Values as the wire can hold them. */

import { wellFormed } from './text.ts';

/**
 * A copy in nothing but what MessagePack and JSON both hold: dates become integer microseconds, half surrogate pairs
 * U+FFFD, and what has no form there (NaN, undefined, functions) null. Throws RangeError for data that holds itself.
 */
export function toPlain(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return wellFormed(value);
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'bigint':
      return Number(value);
    case 'object':
      return value === null ? null : toPlainObject(value, depth);
    default:
      return null;
  }
}

const maxDepth = 16; // what a client may send, too; a cycle ends here

function toPlainObject(value: object, depth: number): unknown {
  if (depth >= maxDepth) throw new RangeError(`data is nested deeper than ${maxDepth} levels, or holds itself`);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Date) return toPlain(value.getTime() * 1000);
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
  const present = Object.entries(value).filter(([, item]) => item !== undefined); // as JSON does: absent is not null
  return Object.fromEntries(present.map(([key, item]) => [wellFormed(key), toPlain(item, depth + 1)]));
}
