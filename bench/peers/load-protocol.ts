/** What is asked of the process that holds the subscribers of one side. Each request gets one answer. */

import type { PeerName } from './peer.ts';

export type LoadRequest =
  /** Answered by `{}` once all subscriptions hold. */
  | {
      readonly ask: 'join';
      readonly peer: PeerName;
      readonly port: number;
      readonly creditPort: number;
      readonly subscribers: number;
      /** Sends nothing but what it must. */
      readonly isSilent: boolean;
    }
  /** Those who were cut off are replaced. Answered by `{}`. */
  | { readonly ask: 'begin'; readonly payloadBytes: number }
  /** Once everything has arrived, or nothing arrives any more. Answered by `Settled`. */
  | { readonly ask: 'settle'; readonly published: number };

export type Settled = {
  /** Of all subscribers. */
  readonly deliveries: number;
  /** Subscribers whose connection ended meanwhile. */
  readonly closed: number;
  /** When the last message came that was read; the machine's monotonic clock. */
  readonly lastMicros: number;
  /** From when each was due until it was read; compressed HDR histogram in microseconds. */
  readonly latencies: string;
};
