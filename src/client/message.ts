/** What a subscriber is handed. */

import type { Micros } from '../protocol/frames.ts';
import { fromPositions, type Schema } from '../protocol/schema.ts';
import type { TopicKind } from '../protocol/topic.ts';

/** One publication. Subscriptions share it, so it must not be changed. */
export type Message<T = unknown> = ValueMessage<T> | RemoveMessage;

export type ValueMessage<T = unknown> = Envelope & { readonly type: 'value'; readonly data: T };

/** The row `key` of a keyed topic is gone. */
export type RemoveMessage = Envelope & { readonly type: 'remove'; readonly key: string };

type Envelope = {
  readonly topic: string;
  readonly kind: TopicKind;
  /** Position on its topic, comparable within one `epoch` only. Rows of a snapshot carry the snapshot's. */
  readonly seq: number;
  readonly epoch: string;
  /** Event time, integer microseconds since 1970. */
  readonly ts: Micros;
  /** The row, on a keyed topic. */
  readonly key?: string | undefined;
  /** Part of the state that a subscription begins with, or begins again with after a reconnect. */
  readonly isSnapshot: boolean;
  readonly schema: Schema;
  /** Async iteration only: how many earlier messages of this topic (and key) gave way because nobody took them in time. */
  readonly skipped?: number;
  /** How many publications right before it the server left out because the subscriber, or its rate, was slower. */
  readonly conflated?: number;
};

/** What the server told of a topic. */
export type TopicInfo = {
  readonly name: string;
  readonly kind: TopicKind;
  readonly epoch: string;
  readonly schema: Schema;
  /** The longest silence that is normal for it. */
  readonly maxSilenceMs: number | undefined;
};

export function valueMessage(
  topic: TopicInfo,
  seq: number,
  ts: Micros,
  key: string | undefined,
  values: readonly unknown[],
  isSnapshot: boolean,
): ValueMessage {
  const { name, kind, epoch, schema } = topic;
  const data = fromPositions(schema, values);
  return { type: 'value', topic: name, kind, seq, epoch, ts, key, data, isSnapshot, schema };
}

export function removeMessage(
  topic: TopicInfo,
  seq: number,
  ts: Micros,
  key: string,
  isSnapshot: boolean,
): RemoveMessage {
  const { name, kind, epoch, schema } = topic;
  return { type: 'remove', topic: name, kind, seq, epoch, ts, key, isSnapshot, schema };
}
