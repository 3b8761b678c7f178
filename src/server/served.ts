/** Whoever is served by the hub: a WebSocket session, or a reader of server-sent events. */

import type { Ledger } from '../bus/index.ts';
import type { Encoding } from '../protocol/index.ts';
import type { Pace } from './pace.ts';
import type { Subscription } from './subscription.ts';

export type Served = {
  readonly id: string;
  readonly encoding: Encoding;
  /** As the client calls itself. */
  readonly sdk: string | undefined;
  readonly remoteAddress: string;
  /** Monotonic milliseconds. */
  readonly connectedAt: number;
  readonly pace: Pace;
  /** That the kernel would not take yet. */
  bufferedBytes(): number;
  /** Ends its connection; a client that speaks the protocol comes back only where it may. */
  kick(mayReturn: boolean): void;
  /** False when there is none of this number. Absent: it can't be ended by itself. */
  endSubscription?(sid: number): boolean;
  readonly subscriptionCount: number;
  numberedSubscriptions(): Iterable<readonly [sid: number, Subscription]>;
  /** What became of every publication that it was subscribed to; adds up at any moment. */
  ledger(): Ledger;
};
