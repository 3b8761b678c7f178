/** Values of one schema as another has them: by the names of fields. */

import { fromPositions, type Schema, toPositions } from '../protocol/index.ts';

export type Turn = (values: readonly unknown[]) => readonly unknown[];

/** What it means stays the same, however it travels: 187.23 is that at any scale. A field that is new is null. */
export function turned(from: Schema, to: Schema): Turn {
  return (values) => toPositions(to, fromPositions(from, values));
}

/** What a client makes of values it holds when it is told of another schema: each as it came, at its name's new place. */
export function moved(from: Schema, to: Schema): Turn {
  const places = to.fields.map(({ name }) => from.fields.findIndex((field) => field.name === name));
  return (values) => places.map((place) => values[place] ?? null);
}
