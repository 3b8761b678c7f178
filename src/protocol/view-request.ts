/** What a subscriber wishes to see of a topic: at first with SUBSCRIBE, and later with CHANGE. */

import { bad, boolean, isGiven, list, object, shortString } from './field-readers.ts';
import type { Change, ViewRequest } from './frames.ts';

export const viewLimits = {
  minRate: 0.01, // an update in 100 s; whoever wants less asks for it over HTTP
  maxRate: 1000, // timers go by the millisecond
  maxFields: 256, // more than any feed's values have; bounds what a stream of its own may cost
  maxFieldChars: 255, // as for every key of a map
  maxFilterChars: 1000, // the parser looks at each of them before it knows that a filter is wrong
} as const;

/** The wishes among an entry's members. `at` is what the entry is called in complaints. */
export function readViewRequest(entry: Record<string, unknown>, at: string): ViewRequest {
  const { maxRate, fields, filter, delta } = entry;
  return {
    ...(isGiven(maxRate) && { maxRate: readRate(maxRate, `${at}.maxRate`) }),
    ...(isGiven(fields) && { fields: readFieldNames(fields, `${at}.fields`) }),
    ...(isGiven(filter) && { filter: readFilter(filter, `${at}.filter`) }),
    ...(isGiven(delta) && { delta: boolean(delta, `${at}.delta`) }),
  };
}

/** Here null is a wish, too: to be rid of a rate, a projection or a filter. */
export function readChange(value: unknown): Change {
  const { maxRate, fields, filter, delta, paused } = object(value, 'change');
  const change: Change = {
    ...(maxRate !== undefined && { maxRate: orNull(readRate, maxRate, 'change.maxRate') }),
    ...(fields !== undefined && { fields: orNull(readFieldNames, fields, 'change.fields') }),
    ...(filter !== undefined && { filter: orNull(readFilter, filter, 'change.filter') }),
    ...(isGiven(delta) && { delta: boolean(delta, 'change.delta') }),
    ...(isGiven(paused) && { paused: boolean(paused, 'change.paused') }),
  };
  if (Object.keys(change).length > 0) return change;
  throw bad('change', value, 'a map with at least one of maxRate, fields, filter, delta and paused');
}

/** The view as it is after the change. */
export function changed(view: ViewRequest, change: Change): ViewRequest {
  const { paused: _, ...wishes } = change;
  const wanted = Object.entries({ ...view, ...wishes }).filter(([, wish]) => wish != null && wish !== false);
  return Object.fromEntries(wanted) as ViewRequest; // the same members, without those taken back
}

function orNull<Wish>(read: (value: unknown, name: string) => Wish, value: unknown, name: string): Wish | null {
  return value === null ? null : read(value, name);
}

function readRate(value: unknown, name: string): number {
  const { minRate, maxRate } = viewLimits;
  if (typeof value === 'number' && value >= minRate && value <= maxRate) return value; // NaN is neither
  throw bad(name, value, `a number of updates per second from ${minRate} to ${maxRate}`);
}

function readFieldNames(value: unknown, name: string): readonly string[] {
  const { maxFields, maxFieldChars } = viewLimits;
  const given = list(value, name);
  if (given.length > maxFields) throw bad(name, value, `a list of ${maxFields} names at most`);
  const names = given.map((field, i) => shortString(field, `${name}[${i}]`, maxFieldChars));
  for (const [i, field] of names.entries()) {
    if (names.indexOf(field) !== i) throw bad(`${name}[${i}]`, field, 'another name than those before it');
  }
  return names;
}

/** Only its length: what it says is for those to judge who know the fields. */
function readFilter(value: unknown, name: string): string {
  return shortString(value, name, viewLimits.maxFilterChars);
}
