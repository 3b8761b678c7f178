/** What a subscriber wants of each topic, checked: the part of a stream's key beside its patterns. */

import type { Change, Encoding, ViewRequest } from '../protocol/index.ts';
import { type Filter, parseFilter } from './filter.ts';

export type View = {
  readonly encoding: Encoding;
  /** Updates per second and topic; absent: as they come. */
  readonly maxRate?: number;
  /** Sorted. */
  readonly fields?: readonly string[];
  readonly filter?: Filter;
  readonly delta?: true;
};

/** Throws ProtocolError for a filter that can't be read; everything else was checked when the request was. */
export function viewOf(encoding: Encoding, { maxRate, fields, filter, delta }: ViewRequest): View {
  return {
    encoding,
    ...(maxRate !== undefined && { maxRate }),
    ...(fields !== undefined && { fields: [...fields].sort() }),
    ...(filter !== undefined && { filter: parseFilter(filter) }),
    ...(delta === true && { delta }),
  };
}

/** Plain: every publication whole, as it comes. Such streams of one encoding share their bytes. */
export function isPlain({ maxRate, fields, filter, delta }: View | ViewRequest | Change): boolean {
  return maxRate == null && fields == null && filter == null && delta !== true;
}

/** Equal for views that want the same. */
export function viewKey({ encoding, maxRate, fields, filter, delta }: View): string {
  return JSON.stringify([encoding, maxRate, fields, filter?.text, delta]);
}
