/** What the conductor asks of a load process, and what it answers. Each request gets one answer, in order. */

import type { Encoding } from '../../../src/protocol/index.ts';
import type { Slow } from '../plan.ts';
import type { Connect, LedgerSums, ProcessUse } from '../report.ts';

export type WorkerRequest =
  /** Answered by `Opened` when each connection is joined or has failed. */
  | { readonly ask: 'open'; readonly crew: CrewPlan }
  /** What is due in the window counts from now on. Answered by `{}`. */
  | { readonly ask: 'measure'; readonly window: Window }
  /** Answered by `Sample`, of what came since the last one. */
  | { readonly ask: 'sample' }
  /** Slow readers are slow no more. Answered by `Settled`: all that came until now, whether it is in a sample or not. */
  | { readonly ask: 'settle' }
  /** Where each topic's publications ended. Answered by `Account`. */
  | { readonly ask: 'account'; readonly lastSeq: Readonly<Record<string, number>> }
  /** Cuts all connections at once, without a close frame. Answered by `{}`. */
  | { readonly ask: 'drop' }
  /** Opens again what was dropped: with the positions it had, or as a newcomer. Answered by `Joined`. */
  | { readonly ask: 'rejoin'; readonly isResumed: boolean }
  /** Answered by `Joined` when the server has answered all. */
  | { readonly ask: 'unsubscribe' }
  | { readonly ask: 'subscribe' }
  /** Every connection asks for the snapshot of every topic that it holds. Answered by `Joined`. */
  | { readonly ask: 'snapshots' }
  /** Keeps this process busy for such a share of the time, 0 to 1, so that a run may be seen to doubt itself. Answered by `{}`. */
  | { readonly ask: 'starve'; readonly share: number };

/** The connections of one load process. */
export type CrewPlan = {
  readonly url: string;
  readonly connections: number;
  /** Number of its first connection, over all load processes: `{n}` in patterns is made of it. */
  readonly firstNumber: number;
  /** Topics over which `{n}` goes round. */
  readonly topics: number;
  readonly rampSec: number;
  readonly encoding: Exclude<Encoding, 'sse'>;
  /** None: connections say HELLO and nothing more. */
  readonly patterns: readonly string[];
  readonly maxRate?: number;
  readonly readOneIn: number;
  /** Asks for permessage-deflate. */
  readonly isCompressed?: boolean;
  readonly times: Times;
};

/** Where the time at which a publication was due is read. */
export type Times =
  /** In the payload, of this machine's monotonic clock. */
  | { readonly from: 'stamp' }
  /** In the frame's event time; the server's clock is ahead of ours by `offsetMicros`. */
  | { readonly from: 'event'; readonly offsetMicros: number };

/** By the shared clock (bench/support/shared-clock.ts). */
export type Window = {
  readonly fromMicros: number;
  readonly untilMicros: number;
  readonly slow?: Slow;
};

export type Opened = Omit<Connect, 'asked' | 'lost' | 'timeMs'> & {
  /** Compressed HDR histogram in microseconds, from the first packet to the end of the join. */
  readonly times: string;
};

export type Sample = {
  /** Due in the window, since the last sample. Those of connections whose frames are not read are told by their bytes. */
  readonly deliveries: number;
  /** Come in the window, of all connections. */
  readonly messages: number;
  readonly bytes: number;
  /** Publication to arrival, microseconds; compressed HDR histogram. */
  readonly latency: string;
  readonly age: string;
  readonly use: ProcessUse;
  readonly open: number;
  /** Connections that the server closed or that broke, since they were opened. */
  readonly lost: number;
  /** How late this process's own timers ran since the last sample, at worst. */
  readonly timerLateMs: number;
};

export type Settled = {
  /** Bytes of all connections since they were opened: the same twice when nothing comes any more. */
  readonly bytes: number;
};

export type Account = {
  readonly sums: LedgerSums;
  /** Deliveries in the window, of each connection whose frames are read and that reads as fast as it can. */
  readonly deliveriesOf: readonly number[];
  /** Of all connections that read, what went wrong first, for the user to look into. */
  readonly firstLost?: string;
};

export type Joined = {
  readonly connections: number;
  readonly failed: Readonly<Record<string, number>>;
  /** From the request until the last one was joined and current. */
  readonly seconds: number;
  /** Of each, from the request to being current; compressed HDR histogram in microseconds. */
  readonly times: string;
  /** Topics that came back with all they missed, and those with a gap that was announced. */
  readonly recovered: number;
  readonly gaps: number;
};
