/** Drives connections by hand, for what a plan can't say: storms of reconnects, subscriptions and snapshots. */

import type { Target } from '../plan.ts';
import type { Account, CrewPlan, Joined, Opened, Sample } from '../worker/worker-protocol.ts';

/** A server and the processes that hold connections to it. Whoever opens one must close it. */
export type Crew = {
  /** Of the server's WebSocket endpoint. */
  readonly url: string;
  readonly opened: Opened;
  /** Of the server's own process or the one that `--server-pid` named; undefined when it is elsewhere. */
  serverRssBytes(): Promise<number | undefined>;
  serverCpuSec(): Promise<number | undefined>;
  /** Starts to publish on the topics of the source, or stops and says each topic's last number. */
  publish(): Promise<void>;
  silence(): Promise<Readonly<Record<string, number>>>;
  /** Each resolves when the slowest connection is done. */
  drop(): Promise<void>;
  rejoin(how: { isResumed: boolean }): Promise<Joined>;
  unsubscribe(): Promise<Joined>;
  subscribe(): Promise<Joined>;
  snapshots(): Promise<Joined>;
  /** Deliveries, latencies and use since the last call, of all load processes together. */
  sample(): Promise<Sample>;
  /** After `silence`: everything arrived or bounded waiting is over. */
  account(): Promise<Account>;
  close(): Promise<void>;
};

export type CrewOptions = Omit<CrewPlan, 'url' | 'firstNumber' | 'times'> & {
  readonly target: Target;
  readonly workers: number;
};
