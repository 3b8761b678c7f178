/** What a subscriber wishes to see, as its program says it and as the server has taken it. */

import type { Change, Since, ViewRequest } from '../protocol/frames.ts';
import { readSince } from '../protocol/since.ts';
import { readChange, readViewRequest } from '../protocol/view-request.ts';
import { checked, TickwireError } from './errors.ts';

/** The wishes among a program's options. Throws TickwireError badRequest, naming the option and the value. */
export function readWishes(options: object): { view: ViewRequest; since: Since | undefined } {
  const given = { ...options } as Record<string, unknown>;
  const view = checked(() => readViewRequest(given, 'options'));
  mustFit(view);
  const since = given.since == null ? undefined : checked(() => readSince(given.since, 'options.since'));
  return { view, since };
}

/** Throws TickwireError badRequest, naming the member and the value. */
export function readChangedWishes(change: object): Change {
  const read = checked(() => readChange(change));
  mustFit(read);
  return read;
}

/** Whether values look otherwise in one view than in the other. */
export function looksDifferent(a: ViewRequest, b: ViewRequest): boolean {
  return a.filter !== b.filter || sorted(a.fields) !== sorted(b.fields);
}

const maxFieldsChars = 32_768; // leaves room in a frame for where to go on from

function mustFit({ fields }: Pick<Change, 'fields'>): void {
  const chars = fields?.join('').length ?? 0;
  if (chars <= maxFieldsChars) return;
  throw new TickwireError('badRequest', `fields must be ${maxFieldsChars} characters in all at most, got ${chars}`);
}

function sorted(fields: readonly string[] | undefined): string {
  return JSON.stringify(fields && [...fields].sort());
}
