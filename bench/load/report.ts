/** What a benchmark found, as it is written to JSON. Whatever could not be known is absent, never 0. */

import type { LoadPlan } from './plan.ts';

/** One benchmark: one or more runs, one after the other on the same machine. */
export type BenchReport = {
  readonly format: 'tickwire-bench/1';
  /** `custom` when it was put together from flags. */
  readonly scenario: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly runs: readonly RunReport[];
};

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Name and release of the kernel. */
  readonly system: string;
  readonly node: string;
  readonly tickwire: string;
};

export type RunReport = {
  readonly label: string;
  readonly plan?: LoadPlan;
  readonly load?: LoadResult;
  /** What only this scenario measures, in the order in which it is shown. */
  readonly figures: readonly Figure[];
  /** Why the numbers must not be believed; none: they may. */
  readonly doubts: readonly Doubt[];
};

export type Figure = {
  /** Short and in lower-case words: `all back after`. */
  readonly name: string;
  readonly value: number;
  /** `us`, `ms`, `s`, `bytes`, `1/s`, `%`, `times`; empty for counts. */
  readonly unit: string;
  readonly better?: 'higher' | 'lower';
};

export type Doubt = {
  readonly kind: DoubtKind;
  /** A sentence with the figure and the limit that it passed, and what to do about it. */
  readonly message: string;
};
export type DoubtKind =
  /** The core of a load process was full: the numbers are the harness's own. */
  | 'generator busy'
  /** Publications left later than they were due by more than the latency that was measured can bear. */
  | 'timers late'
  /** Fewer samples than the percentile needs. */
  | 'too short'
  /** Connections were refused or lost. */
  | 'connections lost'
  /** Less was published than was asked for, or too much was asked for. */
  | 'rate not reached';

export type LoadResult = {
  readonly connect: Connect;
  /** Of the window that counts. */
  readonly seconds: number;
  /** By the source; absent when it is not ours. */
  readonly published?: number;
  /** Publications that came to a connection, of all connections. */
  readonly deliveries: number;
  readonly messages: number;
  /** Payload of WebSocket messages. */
  readonly bytes: number;
  /** From the time at which each publication was due to its arrival; slow ones left out. Absent when nothing arrived. */
  readonly latency?: Latency;
  /** How old the newest value is that a subscriber holds, slow or not, looked at at even intervals, over subscribers and topics. */
  readonly ageMs?: Percentiles;
  /** Deliveries, of the connection with the least and the one with the most; slow ones left out. */
  readonly fairness: { readonly least: number; readonly median: number; readonly most: number };
  /** Over the connections whose frames were read. */
  readonly ledger: LedgerSums;
  readonly server?: ProcessUse;
  /** One for each load process. */
  readonly clients: readonly ProcessUse[];
  readonly publishers: readonly ProcessUse[];
  /** One for each second of the window. */
  readonly timeline: readonly Moment[];
};

export type Connect = {
  readonly asked: number;
  readonly opened: number;
  /** By reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Closed by the server, or cut, while measuring. */
  readonly lost: number;
  readonly seconds: number;
  /** From the first packet to the answer to the subscription. */
  readonly timeMs: Percentiles;
};

export type Percentiles = {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

export type Latency = {
  readonly ms: Percentiles;
  /** The HDR histogram in microseconds, compressed, as HdrHistogram's V2 encoding in base64. */
  readonly histogram: string;
  /** When the stamps are of another clock: the true figure is within ± so much. */
  readonly uncertaintyMs?: number;
};

/** published = delivered + conflated + missed + lost, of the connections whose frames were read. `lost` must be 0. */
export type LedgerSums = {
  readonly delivered: number;
  /** Replaced by newer ones and announced. */
  readonly conflated: number;
  /** No longer in history, and announced. */
  readonly missed: number;
  /** Neither came nor was announced. */
  readonly lost: number;
  readonly duplicates: number;
};

export type ProcessUse = {
  readonly cpuSec: number;
  /** Of one core: mean over the window, and of its fullest second. */
  readonly cpuShare: number;
  readonly cpuSharePeak: number;
  readonly rssBytes: number;
};

export type Moment = {
  readonly second: number;
  readonly deliveries: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly serverCpu?: number;
  /** Of the busiest load process. */
  readonly clientCpu: number;
};

/** What is told while it runs. */
export type Progress = {
  readonly label: string;
  readonly phase: 'starting' | 'connecting' | 'warming up' | 'measuring' | 'stopping';
  /** 0 to 1, of the phase. */
  readonly done: number;
  readonly connections: number;
  readonly deliveriesPerSec?: number;
  readonly p99Ms?: number;
  readonly serverCpu?: number;
  readonly clientCpu?: number;
};
