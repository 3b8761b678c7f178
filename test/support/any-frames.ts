/** Frames of every sort, for property tests. */

import fc from 'fast-check';
import {
  type ClientFrame,
  clientFrames,
  clientRuntimes,
  guardJson,
  latencyBoundsMs,
  ProtocolError,
  type ServerFrame,
  serverFrames,
  topicKinds,
  verifyWants,
} from '../../src/protocol/index.ts';

const id = fc.nat();
const seq = fc.maxSafeNat();
const time = fc.nat({ max: 2 ** 52 });
const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const shortWord = fc.string({ minLength: 1, maxLength: 12 });
const tid = fc.integer({ min: -70_000, max: 70_000 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

/** MessagePack's integers have one zero, and so has JSON's text. */
export function withoutNegativeZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const json = fc
  .jsonValue({ maxDepth: 4 })
  .map(withoutNegativeZero)
  .filter((value) => isLetThrough(value));
const values = fc.array(json, { maxLength: 6 });

const report = fc.record({
  forMs: fc.integer({ min: 1, max: 3_600_000 }),
  frames: id.map((frames) => frames % 1_000_000_000),
  latency: fc.array(fc.nat({ max: 1_000_000 }), {
    minLength: latencyBoundsMs.length + 1,
    maxLength: latencyBoundsMs.length + 1,
  }),
  runtime: fc.constantFrom(...clientRuntimes),
});

const rate = fc.double({ min: 0.01, max: 1000, noNaN: true });
const fields = fc.uniqueArray(shortWord, { minLength: 1, maxLength: 5 });
const wishes = {
  maxRate: rate,
  fields,
  filter: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  delta: fc.boolean(),
};

const since = fc.oneof(
  fc.record({ last: fc.integer({ min: 1, max: 1000 }) }),
  fc.record({ ts: time }),
  fc.record({ positions: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}(\.[a-zA-Z]{1,8})?$/), fc.tuple(word, seq)) }),
);

const subscription = fc.record(
  { sid: id, pattern: word, snapshot: fc.boolean(), since, ...wishes },
  { requiredKeys: ['sid', 'pattern'] },
);

const change = fc
  .record(
    {
      maxRate: fc.option(rate),
      fields: fc.option(fields),
      filter: fc.option(wishes.filter),
      delta: fc.boolean(),
      paused: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .filter((wish) => Object.keys(wish).length > 0);

const historyQuery = fc.record(
  { epoch: word, after: seq, before: seq, since: time, limit: fc.integer({ min: 1 }), reverse: fc.boolean() },
  { requiredKeys: [] },
);

/** One frame a client may send, of each sort, with and without whatever is optional. */
export const anyClientFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
  sort('hello', { id, options: fc.record({ sdk: word, token: word, t0: number }, { requiredKeys: [] }) }),
  sort('subscribe', { id, subscriptions: fc.array(subscription, { minLength: 1, maxLength: 4 }) }),
  sort('unsubscribe', { id, sids: fc.array(id, { minLength: 1 }) }),
  sort('change', { id, sid: id, change }),
  sort('publish', { id, topic: word, data: json, key: word, ttlMs: fc.integer({ min: 1, max: 86_400_000 }) }, [
    'key',
    'ttlMs',
  ]),
  sort('history', { id, topic: word, query: historyQuery }),
  sort('ping', { t0: number }),
  sort('verify', { id, sid: id, topic: word, want: fc.constantFrom(...verifyWants) }),
  sort('report', { report }),
) as fc.Arbitrary<ClientFrame>;

const row = fc.oneof(fc.tuple(values), fc.tuple(values, word));
const changes = fc.array(fc.tuple(fc.nat(300), json), { maxLength: 4 }).map((pairs) => pairs.flat());
const field = fc.record(
  { name: word, type: fc.constantFrom('int', 'enum'), scale: fc.nat(9), unit: word, values: fc.array(word) },
  { requiredKeys: ['name', 'type'] },
);
const welcome = fc.record({
  session: word,
  server: word,
  heartbeatMs: id,
  timeoutMs: id,
  limits: fc.record({ maxFrameBytes: id, maxSubscriptions: id }),
  clock: fc.record({ t0: fc.option(time), t1: time, t2: time }),
});

/** One frame a server may send, of each sort, with and without whatever is optional. */
export const anyServerFrame: fc.Arbitrary<ServerFrame> = fc.oneof(
  sort('welcome', { id, info: welcome }),
  sort('ok', { id, result: json }),
  sort('error', { id: fc.option(id), code: id, retryable: fc.boolean(), message: word, sid: id }, ['sid']),
  sort(
    'topic',
    { tid, name: word, epoch: word, schema: id, kind: fc.constantFrom(...topicKinds), maxSilenceMs: id, stream: id },
    ['maxSilenceMs', 'stream'],
  ),
  sort('schema', { schema: id, fields: fc.array(field) }),
  sort('subscribed', { id, sid: id, topics: id, stream: id, rate: number }),
  sort('unsubscribed', { id, sid: id }),
  sort('snapshot', { tid, seq, ts: time, last: fc.boolean(), rows: fc.array(row), recovered: fc.boolean(), code: id }, [
    'recovered',
    'code',
  ]),
  sort('data', { tid, seq, ts: time, values, key: word }, ['key']),
  sort('patch', { tid, seq, ts: time, base: seq, changes, key: word }, ['key']),
  sort('remove', { tid, seq, ts: time, key: word }),
  sort('mark', {
    tid,
    from: seq,
    to: seq,
    count: id,
    reason: fc.constantFrom('slow', 'rate', 'paused', 'filter'),
    ageMs: id,
  }),
  sort('gap', { tid, from: seq, to: seq, reason: fc.constant('history') }),
  sort('state', { tid, state: fc.constantFrom('live', 'stale'), since: time }),
  sort('rate', { step: fc.constantFrom('full', 'conflated', 'limited'), maxRate: number, reason: word }),
  sort('checksum', { id, sid: id, tid, seq, crc: fc.nat({ max: 2 ** 32 - 1 }), rows: id }),
  sort('heartbeat', { t: time }),
  sort('pong', { t0: number, t1: time, t2: time }),
  sort('drain', { slotMs: id, deadlineMs: id }),
) as fc.Arbitrary<ServerFrame>;

/** The names are checked against the tables of the code: a sort that is not there would never be tried. */
function sort(op: string, members: Record<string, fc.Arbitrary<unknown>>, optional: readonly string[] = []) {
  if (!(op in clientFrames) && !(op in serverFrames)) throw new Error(`no frame is called ${op}`);
  const all: Record<string, fc.Arbitrary<unknown>> = { op: fc.constant(op), ...members };
  return fc.record(all, { requiredKeys: Object.keys(all).filter((name) => !optional.includes(name)) });
}

function isLetThrough(value: unknown): boolean {
  try {
    guardJson([value]);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
