/** Where a subscription is to begin. */

import { bad, isGiven, isWhole, object, whole } from './field-readers.ts';
import type { Position, Since } from './frames.ts';

export const maxLast = 1000; // publications of each topic; HISTORY pages go further back

/** Exactly one of `last`, `ts` and `positions`; whatever else is there is passed over. */
export function readSince(value: unknown, name: string): Since {
  const { last, ts, positions } = object(value, name);
  if ([last, ts, positions].filter(isGiven).length !== 1) {
    throw bad(name, value, 'a map with exactly one of last, ts and positions');
  }
  if (isGiven(last)) return { last: whole(last, `${name}.last`, 1, maxLast) };
  if (isGiven(ts)) return { ts: whole(ts, `${name}.ts`) };
  return { positions: readPositions(positions, `${name}.positions`) };
}

/** Without a prototype, for it is looked into by topics, and a topic may be called `toString`. */
function readPositions(value: unknown, name: string): Readonly<Record<string, Position>> {
  const positions: Record<string, Position> = Object.create(null);
  for (const [topic, position] of Object.entries(object(value, name))) {
    positions[topic] = readPosition(position, `${name}[${JSON.stringify(topic)}]`);
  }
  return positions;
}

function readPosition(value: unknown, name: string): Position {
  const [epoch, seq]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof epoch === 'string' && isWhole(seq)) return [epoch, seq];
  throw bad(name, value, '[epoch, seq], a string and a whole number');
}
