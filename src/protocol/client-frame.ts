/** From a decoded but untrusted value to a typed frame; every complaint names the field and the value. */

import { ProtocolError } from './codes.ts';
import { type ClientFrame, clientFrames, type SubscriptionRequest } from './frames.ts';
import { wellFormed } from './text.ts';

/**
 * Reads `[code, ...positions]` (MessagePack) or `{ op, ...fields }` (JSON), or throws ProtocolError, with the request's
 * id where it has one. Whatever is optional may also be null, for writers that cannot leave things out.
 */
export function readClientFrame(value: unknown): ClientFrame {
  const fields = Array.isArray(value) ? fromArray(value) : fromObject(value);
  try {
    return readFields(fields);
  } catch (error) {
    if (error instanceof ProtocolError && isWhole(fields.id)) error.requestId = fields.id;
    throw error;
  }
}

function readFields(fields: Fields): ClientFrame {
  switch (fields.op) {
    case 'hello':
      return { op: 'hello', id: requestId(fields), options: helloOptions(fields) };
    case 'subscribe':
      return { op: 'subscribe', id: requestId(fields), subscriptions: subscriptions(fields) };
    case 'unsubscribe':
      return {
        op: 'unsubscribe',
        id: requestId(fields),
        sids: list(fields, 'sids').map((sid) => whole(sid, 'sids[]')),
      };
    case 'publish':
      return publish(fields);
    case 'ping':
      return { op: 'ping', t0: finite(fields.t0, 't0') };
    default:
      return unknownOp(fields.op);
  }
}

type Fields = Record<string, unknown> & { op: unknown };

const opsByCode = new Map<unknown, readonly [op: string, names: readonly string[]]>(
  Object.entries(clientFrames).map(([op, [code, ...names]]) => [code, [op, names]]),
);

function fromArray(array: readonly unknown[]): Fields {
  const known = opsByCode.get(array[0]);
  if (known === undefined) return unknownOp(array[0]);
  const [op, names] = known;
  const fields: Fields = { op };
  for (const [i, name] of names.entries()) fields[name] = array[i + 1];
  return fields;
}

function fromObject(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw bad('a frame', value, 'an array or an object with "op"');
  return value as Fields;
}

function unknownOp(op: unknown): never {
  throw new ProtocolError('badRequest', `op ${show(op)} is not known`);
}

function helloOptions({ options }: Fields) {
  const { sdk, token, t0 } = object(options ?? {}, 'options');
  return {
    ...(isGiven(sdk) && { sdk: string(sdk, 'options.sdk') }),
    ...(isGiven(token) && { token: string(token, 'options.token') }),
    ...(isGiven(t0) && { t0: finite(t0, 'options.t0') }),
  };
}

function subscriptions(fields: Fields): SubscriptionRequest[] {
  return list(fields, 'subscriptions').map((entry, i) => {
    const at = `subscriptions[${i}]`;
    const given = object(entry, at);
    const request = { sid: whole(given.sid, `${at}.sid`), pattern: string(given.pattern, `${at}.pattern`) };
    return isGiven(given.snapshot) ? { ...request, snapshot: boolean(given.snapshot, `${at}.snapshot`) } : request;
  });
}

/** A `data` of null is a value like any other; one that is absent reads as null, and the topic's schema judges it. */
function publish(fields: Fields): ClientFrame {
  const frame = {
    op: 'publish',
    id: requestId(fields),
    topic: string(fields.topic, 'topic'),
    data: fields.data ?? null,
  } as const;
  return isGiven(fields.key) ? { ...frame, key: string(fields.key, 'key') } : frame;
}

function requestId(fields: Fields): number {
  return whole(fields.id, 'id');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length === 0) throw bad(name, value, 'a list with at least one entry');
  return value;
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(name, value, 'a map');
  return value as Record<string, unknown>;
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw bad(name, value, 'a string');
  return value;
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw bad(name, value, 'a boolean');
  return value;
}

function whole(value: unknown, name: string): number {
  if (!isWhole(value)) throw bad(name, value, 'a whole number from 0 to 2^53 - 1');
  return value;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function finite(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(name, value, 'a finite number');
  return value;
}

function bad(name: string, value: unknown, wanted: string): ProtocolError {
  return new ProtocolError('badRequest', `${name} must be ${wanted}, got ${show(value)}`);
}

/** Short, printable and safe to log, whatever the peer sent. */
function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? 'nothing'); // JSON has no NaN
  return text.length > 60 ? `${wellFormed(text.slice(0, 60))}…` : text;
}
