import { RowFault } from './entry.ts';
import { type Recorded, topicFault } from './recorded.ts';

/**
 * A line of Tickwire's own recordings: `{"topic","ts","kind","data"}`, with a `key` on keyed topics, where a line
 * without data takes the row off. Undefined for the header, `{"recorder":1,…}`. Throws RowFault naming the field.
 */
export function nativeRecord(row: unknown): Recorded | undefined {
  if (!isObject(row)) throw new RowFault(`must be a JSON object, got ${show(row)}`);
  if (row.topic === undefined && row.recorder !== undefined) return header(row.recorder);
  const { topic, ts, kind, key, data } = row;
  if (typeof topic !== 'string') throw new RowFault(`topic: must be a string, got ${show(topic)}`);
  const fault = topicFault(topic);
  if (fault !== undefined) throw new RowFault(`topic: ${fault}, got ${show(topic)}`);
  if (!isMicros(ts)) throw new RowFault(`ts: must be whole microseconds since 1970, got ${show(ts)}`);
  if (!isKind(kind)) throw new RowFault(`kind: must be latest, event, keyed or ephemeral, got ${show(kind)}`);
  if (kind === 'keyed') return keyed({ topic, ts, kind }, key, data);
  if (data === undefined) throw new RowFault('data: is missing');
  return { topic, ts, ...(kind !== undefined && { kind }), data };
}

function keyed(head: { topic: string; ts: number; kind: 'keyed' }, key: unknown, data: unknown): Recorded {
  if (typeof key !== 'string') throw new RowFault(`key: must be a string on a keyed topic, got ${show(key)}`);
  return data === undefined ? { ...head, key, isRemoval: true } : { ...head, key, data };
}

function header(version: unknown): undefined {
  if (version !== 1) throw new RowFault(`recorder: only format 1 can be played, got ${show(version)}`);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMicros(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isKind(value: unknown): value is Recorded['kind'] {
  return value === undefined || value === 'latest' || value === 'event' || value === 'keyed' || value === 'ephemeral';
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
