/** What one run of the load harness does. Times in the name's unit, rates per second. */

import type { Encoding } from '../../src/protocol/index.ts';

export type LoadPlan = {
  /** Tells this run from others of the same benchmark: `100 a turn`. */
  readonly label: string;
  readonly target: Target;
  readonly connections: number;
  /** Processes that hold the connections. */
  readonly workers: number;
  /** Connections are opened evenly over so long; 0: as fast as they are accepted. */
  readonly rampSec: number;
  readonly encoding: Exclude<Encoding, 'sse'>;
  /** Whether connections ask for compression; absent: if an own server is told to compress. */
  readonly isCompressed?: boolean;
  /** Each connection subscribes to all of these, one at least; `{n}` stands for its own number modulo the topics of the source. */
  readonly patterns: readonly string[];
  readonly maxRate?: number;
  readonly source: Source;
  /** Before anything counts, so that code is compiled and buffers have grown. */
  readonly warmUpSec: number;
  readonly durationSec: number;
  readonly slow?: Slow;
  /** The frames of every n-th connection are read: latency, age and account are theirs. Others count bytes and messages. */
  readonly readOneIn: number;
  /** The hardest that there must be publications enough for, or the run doubts itself; absent: p99.9. */
  readonly percentile?: 'p90' | 'p99' | 'p99.9';
};

/** Who is measured: a server of our own, started for the run, or any that is there. */
export type Target =
  | { readonly kind: 'own'; readonly server: OwnServer }
  /** `pid`: of its process on this machine, so that its CPU and memory are known. */
  | { readonly kind: 'url'; readonly url: string; readonly pid?: number };

/** What `server` of its configuration says, where it differs from the defaults. */
export type OwnServer = Readonly<Record<string, unknown>>;

/** Where the publications come from. */
export type Source =
  /** From the server's own feeds, whatever they are; latency is then from their event times. */
  | { readonly kind: 'existing' }
  /** From a feed within the server's process; own servers only. */
  | ({ readonly kind: 'feed' } & Fed)
  /** From clients that publish on topics which the server opens for them. */
  | ({ readonly kind: 'publishers'; readonly publishers: number } & Stamped);

/** Publications that carry the time at which they were due. */
export type Stamped = {
  /** `bench.t0`, `bench.t1`, … */
  readonly topics: number;
  /** Publications a second on each topic. */
  readonly rate: number;
  /** So many of all these are due at once. */
  readonly burst: number;
  /** Text of each publication, of which the stamp is a part. */
  readonly payloadBytes: number;
};

export type Fed = Stamped & {
  /** On event topics, which have a history. */
  readonly isKept?: boolean;
  /** Besides the others, `bench.quiet0`, …: published on once, at the start. */
  readonly quietTopics?: number;
};

/** Connections that do not read as fast as they could. */
export type Slow = {
  /** Of all connections, 0 to 1. */
  readonly share: number;
  readonly how: /** Read nothing while it is measured. */
    | { readonly kind: 'stall' }
    | { readonly kind: 'stallFor'; readonly seconds: number }
    | { readonly kind: 'bytesPerSec'; readonly bytesPerSec: number };
};
