/** Every frame of the wire, by name. The tables give its number and the order of its fields; PROTOCOL.md explains them. */

import type { Field } from './schema.ts';
import type { TopicKind } from './topic.ts';

/** `json` sends one frame a message, `json-batch` an array of frames; `msgpack` puts frames back to back. */
export type Encoding = 'msgpack' | 'json' | 'json-batch';
export const encodings: readonly Encoding[] = ['msgpack', 'json', 'json-batch'];

/** Integer microseconds since 1970. */
export type Micros = number;

export type SubscriptionRequest = { sid: number; pattern: string; snapshot?: boolean };

export type ClientFrame =
  | { op: 'hello'; id: number; options: { sdk?: string; token?: string; t0?: Micros } }
  | { op: 'subscribe'; id: number; subscriptions: readonly SubscriptionRequest[] }
  | { op: 'unsubscribe'; id: number; sids: readonly number[] }
  | { op: 'publish'; id: number; topic: string; data: unknown; key?: string }
  | { op: 'ping'; t0: Micros };

/** One row of a snapshot: `[values]`, or `[values, key]` on a keyed topic. */
export type SnapshotRow = readonly [values: readonly unknown[], key?: string];

export type Welcome = {
  session: string;
  server: string;
  heartbeatMs: number;
  timeoutMs: number;
  limits: { maxFrameBytes: number; maxSubscriptions: number };
  clock: { t0: Micros | null; t1: Micros; t2: Micros };
};

export type ServerFrame =
  | { op: 'welcome'; id: number; info: Welcome }
  | { op: 'ok'; id: number; result: unknown }
  | { op: 'error'; id: number | null; code: number; retryable: boolean; message: string; sid?: number }
  | { op: 'topic'; tid: number; name: string; epoch: string; schema: number; kind: TopicKind; maxSilenceMs?: number }
  | { op: 'schema'; schema: number; fields: readonly Field[] }
  | { op: 'subscribed'; id: number; sid: number; topics: number }
  | { op: 'unsubscribed'; id: number; sid: number }
  | { op: 'snapshot'; tid: number; seq: number; ts: Micros; last: boolean; rows: readonly SnapshotRow[] }
  | { op: 'data'; tid: number; seq: number; ts: Micros; values: readonly unknown[]; key?: string }
  | { op: 'remove'; tid: number; seq: number; ts: Micros; key: string }
  | { op: 'heartbeat'; t: Micros }
  | { op: 'pong'; t0: Micros; t1: Micros; t2: Micros };

export type FrameOf<F extends { op: string }, Op extends F['op']> = Extract<F, { op: Op }>;

/** A frame's number and the names of its positions after it. */
export type FrameShape = readonly [code: number, ...fields: string[]];

export const clientFrames = {
  hello: [1, 'id', 'options'],
  subscribe: [2, 'id', 'subscriptions'],
  unsubscribe: [3, 'id', 'sids'],
  publish: [5, 'id', 'topic', 'data', 'key'],
  ping: [9, 't0'],
} as const satisfies Record<ClientFrame['op'], FrameShape>;

export const serverFrames = {
  welcome: [64, 'id', 'info'],
  ok: [65, 'id', 'result'],
  error: [66, 'id', 'code', 'retryable', 'message', 'sid'],
  topic: [67, 'tid', 'name', 'epoch', 'schema', 'kind', 'maxSilenceMs'],
  schema: [68, 'schema', 'fields'],
  subscribed: [69, 'id', 'sid', 'topics'],
  unsubscribed: [70, 'id', 'sid'],
  snapshot: [71, 'tid', 'seq', 'ts', 'last', 'rows'],
  data: [72, 'tid', 'seq', 'ts', 'values', 'key'],
  remove: [74, 'tid', 'seq', 'ts', 'key'],
  heartbeat: [81, 't'],
  pong: [82, 't0', 't1', 't2'],
} as const satisfies Record<ServerFrame['op'], FrameShape>;
