/** One number for the whole state of a topic, the same on both ends of the wire. */

import { crc32 } from './crc32.ts';

/** A key and its wire positions; the key of a `latest` topic's only row is empty. */
type StateRow = readonly [key: string, values: readonly unknown[]];

/** The same for the same rows in any order, and in whichever order the maps inside of them were filled. */
export function stateChecksum(rows: Iterable<StateRow>): { crc: number; rows: number } {
  const sorted = [...rows].sort(byKey);
  let crc = 0;
  for (const [key, values] of sorted) crc = crc32(utf8.encode(`${canonical([key, values])}\n`), crc);
  return { crc, rows: sorted.length };
}

/** By UTF-16 code units, as RFC 8785 sorts: it needs no tables of any language. */
function byKey([a]: StateRow, [b]: StateRow): number {
  return a < b ? -1 : Number(a > b);
}

const utf8 = new TextEncoder();

/** JSON by RFC 8785. Bytes, which JSON lacks, are the list of their numbers. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Uint8Array) return `[${value.join(',')}]`;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`).join(',')}}`;
}
