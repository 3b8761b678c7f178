/** Every frame of the wire, by name. The tables give its number and the order of its fields; PROTOCOL.md explains them. */

import type { Field } from './schema.ts';
import type { TopicKind } from './topic.ts';

/**
 * `json` sends one frame a message, `json-batch` an array of frames; `msgpack` puts frames back to back. `sse` is JSON in
 * server-sent events, over HTTP only.
 */
export type Encoding = 'msgpack' | 'json' | 'json-batch' | 'sse';
/** What a WebSocket may ask for. */
export const encodings: readonly Encoding[] = ['msgpack', 'json', 'json-batch'];

/** Integer microseconds since 1970. */
export type Micros = number;

/** What a subscriber wants of each topic; what is absent: all of it, as it comes. */
export type ViewRequest = {
  /** Updates per second and topic, at most. Publications of `event` topics are never held back. */
  maxRate?: number;
  /** Only these fields of each value. */
  fields?: readonly string[];
  /** Only publications for which this expression over fields holds. */
  filter?: string;
  /** PATCH instead of DATA where that is shorter. */
  delta?: boolean;
};

/** How far a subscriber has seen a topic. */
export type Position = readonly [epoch: string, seq: number];

/** Where to begin: so many publications back, at a time, or behind what was seen. */
export type Since =
  | { last: number }
  | { ts: Micros }
  /** By topic. Topics that are not listed count as never seen. */
  | { positions: Readonly<Record<string, Position>> };

export type SubscriptionRequest = {
  sid: number;
  pattern: string;
  snapshot?: boolean;
  since?: Since;
} & ViewRequest;

/** What of a live subscription is to be otherwise; null takes a wish back. */
export type Change = {
  maxRate?: number | null;
  fields?: readonly string[] | null;
  filter?: string | null;
  delta?: boolean;
  paused?: boolean;
};

/** One page of a topic's history: after `after` (oldest first), or before `before` (`reverse`, newest first). */
export type HistoryQuery = {
  epoch?: string;
  after?: number;
  before?: number;
  /** Nothing older than this. */
  since?: Micros;
  limit?: number;
  reverse?: boolean;
};
export type HistoryItem = { seq: number; ts: Micros; key?: string; data?: unknown };
/** `first` and `last`: what the history holds now; 0 when it is empty. `more`: there is a next page in this direction. */
export type HistoryPage = {
  topic: string;
  epoch: string;
  first: number;
  last: number;
  items: readonly HistoryItem[];
  more: boolean;
};

export type ClientFrame =
  | { op: 'hello'; id: number; options: { sdk?: string; token?: string; t0?: Micros; maxBytesPerSec?: number } }
  | { op: 'subscribe'; id: number; subscriptions: readonly SubscriptionRequest[] }
  | { op: 'unsubscribe'; id: number; sids: readonly number[] }
  | { op: 'change'; id: number; sid: number; change: Change }
  | { op: 'publish'; id: number; topic: string; data: unknown; key?: string; ttlMs?: number }
  | { op: 'history'; id: number; topic: string; query: HistoryQuery }
  | { op: 'ping'; t0: Micros }
  | { op: 'verify'; id: number; sid: number; topic: string; want: VerifyWant }
  | { op: 'report'; report: ClientReport };

/** What a client saw in the last `forMs`, where WELCOME asked for it. */
export type ClientReport = {
  /** Milliseconds that it covers. */
  forMs: number;
  /** Frames that came in that time. */
  frames: number;
  /** From a publication's time to its arrival, by the server's clock: how many were within each of `latencyBoundsMs`. */
  latency: readonly number[];
  runtime: ClientRuntime;
};
/** Upper bounds of a report's latency counts; one count more is for what took longer. */
export const latencyBoundsMs: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
export const clientRuntimes = ['browser', 'node', 'other'] as const;
export type ClientRuntime = (typeof clientRuntimes)[number];

/** `checksum`: what the topic's state should be; `snapshot`: the state itself, in place of what the client holds. */
export type VerifyWant = 'checksum' | 'snapshot';
export const verifyWants: readonly VerifyWant[] = ['checksum', 'snapshot'];

/** One row of a snapshot: `[values]`, or `[values, key]` on a keyed topic. */
export type SnapshotRow = readonly [values: readonly unknown[], key?: string];

/** Why publications were skipped. `filter`: they did not match, as was asked. */
export type SkipReason = 'slow' | 'rate' | 'paused' | 'filter';
/** Why publications are lost: the topic's history no longer reaches back to them. */
export type GapReason = 'history';
/** `stale`: silent for longer than the topic's `maxSilenceMs`. */
export type TopicCondition = 'live' | 'stale';
/** How a session is served: everything; the newest of what changed, as fast as it reads; the same, and rarely. */
export type Step = 'full' | 'conflated' | 'limited';

export type Welcome = {
  session: string;
  server: string;
  heartbeatMs: number;
  timeoutMs: number;
  limits: { maxFrameBytes: number; maxSubscriptions: number };
  clock: { t0: Micros | null; t1: Micros; t2: Micros };
  /** Send REPORT so often; absent: never. */
  reportMs?: number;
};

export type ServerFrame =
  | { op: 'welcome'; id: number; info: Welcome }
  | { op: 'ok'; id: number; result: unknown }
  | { op: 'error'; id: number | null; code: number; retryable: boolean; message: string; sid?: number }
  | {
      op: 'topic';
      tid: number;
      name: string;
      epoch: string;
      schema: number;
      kind: TopicKind;
      maxSilenceMs?: number;
      stream?: number;
    }
  | { op: 'schema'; schema: number; fields: readonly Field[] }
  /** `stream` 0 carries topics plainly; any other number is that of the TOPIC frames meant for it. `rate` 0: as it comes. */
  | { op: 'subscribed'; id: number; sid: number; topics: number; stream: number; rate: number }
  | { op: 'unsubscribed'; id: number; sid: number }
  /** `recovered` answers `since`; when false, `code` is the error code that says why. */
  | {
      op: 'snapshot';
      tid: number;
      seq: number;
      ts: Micros;
      last: boolean;
      rows: readonly SnapshotRow[];
      recovered?: boolean;
      code?: number;
    }
  | { op: 'data'; tid: number; seq: number; ts: Micros; values: readonly unknown[]; key?: string }
  /** Changed positions against the frame `base` of this topic (and key): position, value, position, value … */
  | { op: 'patch'; tid: number; seq: number; ts: Micros; base: number; changes: readonly unknown[]; key?: string }
  | { op: 'remove'; tid: number; seq: number; ts: Micros; key: string }
  /** `from` to `to` are skipped, both included: `count` for the reason, the rest because the filter did not match. */
  | { op: 'mark'; tid: number; from: number; to: number; count: number; reason: SkipReason; ageMs: number }
  /** `from` to `to` are lost, both included. */
  | { op: 'gap'; tid: number; from: number; to: number; reason: GapReason }
  | { op: 'state'; tid: number; state: TopicCondition; since: Micros }
  /** The session's step of the ladder. `maxRate` 0: no limit. */
  | { op: 'rate'; step: Step; maxRate: number; reason: string }
  | { op: 'checksum'; id: number; sid: number; tid: number; seq: number; crc: number; rows: number }
  | { op: 'heartbeat'; t: Micros }
  | { op: 'pong'; t0: Micros; t1: Micros; t2: Micros }
  /** The server is going. In `slotMs` this client should move; it is closed (1012) after that, by `deadlineMs` at the latest. */
  | { op: 'drain'; slotMs: number; deadlineMs: number };

export type FrameOf<F extends { op: string }, Op extends F['op']> = Extract<F, { op: Op }>;

/** A frame's number and the names of its positions after it. */
export type FrameShape = readonly [code: number, ...fields: string[]];

export const clientFrames = {
  hello: [1, 'id', 'options'],
  subscribe: [2, 'id', 'subscriptions'],
  unsubscribe: [3, 'id', 'sids'],
  change: [4, 'id', 'sid', 'change'],
  publish: [5, 'id', 'topic', 'data', 'key', 'ttlMs'],
  history: [6, 'id', 'topic', 'query'],
  ping: [9, 't0'],
  verify: [10, 'id', 'sid', 'topic', 'want'],
  report: [11, 'report'],
} as const satisfies Record<ClientFrame['op'], FrameShape>;

export const serverFrames = {
  welcome: [64, 'id', 'info'],
  ok: [65, 'id', 'result'],
  error: [66, 'id', 'code', 'retryable', 'message', 'sid'],
  topic: [67, 'tid', 'name', 'epoch', 'schema', 'kind', 'maxSilenceMs', 'stream'],
  schema: [68, 'schema', 'fields'],
  subscribed: [69, 'id', 'sid', 'topics', 'stream', 'rate'],
  unsubscribed: [70, 'id', 'sid'],
  snapshot: [71, 'tid', 'seq', 'ts', 'last', 'rows', 'recovered', 'code'],
  data: [72, 'tid', 'seq', 'ts', 'values', 'key'],
  patch: [73, 'tid', 'seq', 'ts', 'base', 'changes', 'key'],
  remove: [74, 'tid', 'seq', 'ts', 'key'],
  mark: [75, 'tid', 'from', 'to', 'count', 'reason', 'ageMs'],
  gap: [76, 'tid', 'from', 'to', 'reason'],
  state: [77, 'tid', 'state', 'since'],
  rate: [78, 'step', 'maxRate', 'reason'],
  checksum: [79, 'id', 'sid', 'tid', 'seq', 'crc', 'rows'],
  heartbeat: [81, 't'],
  pong: [82, 't0', 't1', 't2'],
  drain: [83, 'slotMs', 'deadlineMs'],
} as const satisfies Record<ServerFrame['op'], FrameShape>;
