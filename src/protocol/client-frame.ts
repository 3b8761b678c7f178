/** From a decoded but untrusted value to a typed frame; every complaint names the field and the value. */

import { readReport } from './client-report.ts';
import { ProtocolError } from './codes.ts';
import { bad, boolean, finite, isGiven, isWhole, list, object, show, string, whole } from './field-readers.ts';
import { type ClientFrame, clientFrames, type SubscriptionRequest, type VerifyWant, verifyWants } from './frames.ts';
import { readHistoryQuery } from './history-query.ts';
import { readSince } from './since.ts';
import { readChange, readViewRequest } from './view-request.ts';

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
        sids: list(fields.sids, 'sids').map((sid) => whole(sid, 'sids[]')),
      };
    case 'change':
      return { op: 'change', id: requestId(fields), sid: whole(fields.sid, 'sid'), change: readChange(fields.change) };
    case 'publish':
      return publish(fields);
    case 'history':
      return {
        op: 'history',
        id: requestId(fields),
        topic: string(fields.topic, 'topic'),
        query: readHistoryQuery(fields.query),
      };
    case 'ping':
      return { op: 'ping', t0: finite(fields.t0, 't0') };
    case 'verify':
      return verify(fields);
    case 'report':
      return { op: 'report', report: readReport(fields.report) };
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

const leastBytesPerSec = 100; // with less, not even the frames of the protocol itself get through

function helloOptions({ options }: Fields) {
  const { sdk, token, t0, maxBytesPerSec } = object(options ?? {}, 'options');
  return {
    ...(isGiven(sdk) && { sdk: string(sdk, 'options.sdk') }),
    ...(isGiven(token) && { token: string(token, 'options.token') }),
    ...(isGiven(t0) && { t0: finite(t0, 'options.t0') }),
    ...(isGiven(maxBytesPerSec) && {
      maxBytesPerSec: whole(maxBytesPerSec, 'options.maxBytesPerSec', leastBytesPerSec),
    }),
  };
}

function subscriptions(fields: Fields): SubscriptionRequest[] {
  return list(fields.subscriptions, 'subscriptions').map((entry, i) => subscription(entry, `subscriptions[${i}]`));
}

function subscription(entry: unknown, at: string): SubscriptionRequest {
  const given = object(entry, at);
  const { sid, pattern, snapshot, since } = given;
  return {
    sid: whole(sid, `${at}.sid`),
    pattern: string(pattern, `${at}.pattern`),
    ...(isGiven(snapshot) && { snapshot: boolean(snapshot, `${at}.snapshot`) }),
    ...(isGiven(since) && { since: readSince(since, `${at}.since`) }),
    ...readViewRequest(given, at),
  };
}

/** A `data` of null is a value like any other; one that is absent reads as null, and the topic's schema judges it. */
function publish(fields: Fields): ClientFrame {
  const { topic, data, key, ttlMs } = fields;
  return {
    op: 'publish',
    id: requestId(fields),
    topic: string(topic, 'topic'),
    data: data ?? null,
    ...(isGiven(key) && { key: string(key, 'key') }),
    ...(isGiven(ttlMs) && { ttlMs: whole(ttlMs, 'ttlMs', 1, maxTtlMs) }),
  };
}

const maxTtlMs = 86_400_000; // a day: what is to stay for longer has no need to be forgotten by itself

function verify(fields: Fields): ClientFrame {
  const { sid, topic, want } = fields;
  return {
    op: 'verify',
    id: requestId(fields),
    sid: whole(sid, 'sid'),
    topic: string(topic, 'topic'),
    want: isGiven(want) ? verifyWant(want) : 'checksum',
  };
}

function verifyWant(value: unknown): VerifyWant {
  const want = verifyWants.find((known) => known === value);
  if (want === undefined) throw bad('want', value, verifyWants.map((known) => `"${known}"`).join(' or '));
  return want;
}

function requestId(fields: Fields): number {
  return whole(fields.id, 'id');
}
