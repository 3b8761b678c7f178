/** What a kept publication takes in memory, estimated: measured on V8, on the high side rather than the low. */

import type { Publication } from './publication.ts';

const publicationBytes = 176; // the object, its time, its list of values, and its three slots of a history
const referenceBytes = 8;
const boxedNumberBytes = 16; // any number but a small whole one, where it stands among others than numbers
const stringBytes = 16;
const mapBytes = 64; // a list too
const bufferBytes = 128;

/** Strings count as if they were nobody else's, at two bytes a character. */
export function estimateBytes({ values, key }: Publication): number {
  let bytes = publicationBytes;
  if (key !== undefined) bytes += textBytes(key);
  if (values !== undefined) for (let i = 0; i < values.length; i++) bytes += valueBytes(values[i]);
  return bytes;
}

function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return (value | 0) === value ? referenceBytes : referenceBytes + boxedNumberBytes;
    case 'string':
      return referenceBytes + textBytes(value);
    case 'object':
      return value === null ? referenceBytes : referenceBytes + objectBytes(value);
    default:
      return referenceBytes;
  }
}

function textBytes(text: string): number {
  return stringBytes + 2 * text.length;
}

/** Values are plain copies of bounded depth, so this comes to an end, and what is in them is their own. */
function objectBytes(value: object): number {
  if (value instanceof Uint8Array) return bufferBytes + value.byteLength;
  let bytes = mapBytes;
  if (Array.isArray(value)) for (const item of value) bytes += valueBytes(item);
  else for (const key in value) bytes += textBytes(key) + valueBytes((value as Record<string, unknown>)[key]);
  return bytes;
}
