/** Tickwire's SDK for browsers, workers and Node. */

export { decodeServerFrames } from '../protocol/codec.ts';
export type {
  GapReason,
  HistoryItem,
  HistoryPage,
  HistoryQuery,
  ServerFrame,
  SkipReason,
  Step,
} from '../protocol/frames.ts';
export type { Field, Schema } from '../protocol/schema.ts';
export type { TopicKind } from '../protocol/topic.ts';
export { matches } from '../protocol/topic.ts';
export { type BackoffOptions, backoffDelayMs } from './backoff.ts';
export { connect } from './client.ts';
export type { Client, ClientEvents, Listener, NoFeeds } from './client-api.ts';
export type { ConnectionState } from './connection.ts';
export { TickwireError, type TickwireErrorReason } from './errors.ts';
export type { Ledger } from './ledger.ts';
export type { Message, RemoveMessage, TopicInfo, ValueMessage } from './message.ts';
export type { Draining, EpochChange, Gap, QualityChange, Recovered, Repaired, Skipped, StepChange } from './notices.ts';
export { type ConnectOptions, clientDefaults, type Token } from './options.ts';
export type { Published, PublishOptions } from './publisher.ts';
export type { Quality } from './quality.ts';
export type { ClockReading } from './server-clock.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
export type {
  Granted,
  SubscribeOptions,
  Subscription,
  SubscriptionChange,
  Verification,
} from './subscription.ts';
export type { Time } from './time.ts';
