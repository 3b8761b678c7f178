/** What a route must know of its subscription, and what it tells it. */

import type { FrameOf, GapReason, Micros, ServerFrame } from '../protocol/frames.ts';
import type { Message, TopicInfo } from './message.ts';
import type { Route } from './route.ts';

/** Where a route's findings go, and what it must know of its subscription. */
export type RouteOwner = {
  readonly wantsSnapshot: boolean;
  /** It told the server where to go on from. */
  readonly isReturning: boolean;
  /** Snapshots that answer it are still to come. */
  readonly isJoining: boolean;
  /** Which of its joins is the last: each topic is answered once in each of them. */
  readonly joins: number;
  /** It asked for silence, so what comes is meant for others. */
  readonly isPaused: boolean;
  /** The server tells each subscription what it missed in its own time, so that one may be ahead of the other. */
  readonly isDegraded: boolean;
  /** Monotonic milliseconds. */
  elapsed(): number;
  serverNow(): Micros;
  deliver(message: Message): void;
  /** `from` to `to` of this topic will not be delivered. */
  lost(topic: TopicInfo, from: number, to: number, isNewEpoch: boolean, reason?: GapReason): void;
  skipped(topic: TopicInfo, mark: Mark): void;
  /** The topic has another epoch than before. */
  reborn(topic: TopicInfo, before: string): void;
  /** What is held can't be trusted any more: a snapshot of this topic is needed. */
  doubts(route: Route, why: Doubt): void;
  /** This topic fell silent, or speaks again. */
  conditionChanged(route: Route): void;
  /** A route's snapshot of the present join is complete. */
  caughtUp(outcome: JoinOutcome): void;
};

/** Whether what is held is wrong or incomplete, or may well be right. */
export type Doubt = 'to repair' | 'to be sure';

/** `fresh`: there was nothing to recover. */
export type JoinOutcome = 'fresh' | 'recovered' | 'notRecovered';

export type Mark = Pick<FrameOf<ServerFrame, 'mark'>, 'from' | 'to' | 'count' | 'reason' | 'ageMs'>;
