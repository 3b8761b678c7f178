/** What a client tells beside the messages: what was left out, lost, mended, and how good the picture is. */

import type { GapReason, Micros, SkipReason, Step } from '../protocol/frames.ts';
import type { Quality } from './quality.ts';

/** Publications of an `event` topic that were missed: `fromSeq` to `toSeq`, both included. */
export type Gap = {
  readonly topic: string;
  readonly pattern: string;
  readonly epoch: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The topic began anew meanwhile: what its previous life still published is missing too, and nobody knows how much. */
  readonly isNewEpoch: boolean;
  /** Why, as the server says; absent when they were missing without a word. */
  readonly reason?: GapReason;
};

/** The server left out `from` to `to`, both included: `count` for the reason, the rest did not match the filter. */
export type Skipped = {
  readonly topic: string;
  readonly pattern: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: SkipReason;
  /** For how long the subscriber has been without them, at most. */
  readonly ageMs: number;
};

/** A topic began a new life, as after a restart of its server: its seqs count from 1 again. */
export type EpochChange = {
  readonly topic: string;
  readonly pattern: string;
  readonly before: string;
  readonly after: string;
};

/** A subscription is up to date again after a reconnect. */
export type Recovered = {
  readonly pattern: string;
  /** That it selects now. */
  readonly topics: number;
  /** Topics of which nothing is missing. */
  readonly recovered: number;
  /** Topics seen before of which something is: `gap` tells of events; of others the present state came instead. */
  readonly notRecovered: number;
};

/** Without `topic`, of the subscription as a whole. */
export type QualityChange = {
  readonly pattern: string;
  readonly topic?: string;
  readonly state: Quality;
  /** By the server's clock, integer microseconds since 1970. */
  readonly since: Micros;
};

/** How the server serves this connection: everything, the newest as fast as it is read, or that `maxRate` times a second. */
export type StepChange = {
  readonly step: Step;
  /** 0: no limit. */
  readonly maxRate: number;
  readonly reason: string;
};

/** The server is going: this client is to move in `slotMs`, and the last connection is closed in `deadlineMs`. */
export type Draining = { readonly slotMs: number; readonly deadlineMs: number };

/** What was held of a topic was wrong or incomplete, and was replaced by the server's state. */
export type Repaired = { readonly topic: string; readonly pattern: string };
