/** What is asked of the process that serves, and of the one that publishes to a broker. Each request gets one answer. */

import type { Drive } from './drive.ts';
import type { BrokerPorts, PeerName, ServeOptions } from './peer.ts';

export type SourceRequest =
  /** Answered by `Served`. */
  | { readonly ask: 'serve'; readonly peer: PeerName; readonly options: ServeOptions }
  /** Of a broker that another process serves. Answered by `Publishing`. */
  | { readonly ask: 'connect'; readonly peer: PeerName; readonly ports: BrokerPorts }
  /** Answered by `Driven`. */
  | { readonly ask: 'drive'; readonly drive: Drive }
  /** Ends what was started. Answered by `{}`. */
  | { readonly ask: 'close' };

/** `pid`: whose CPU is the server's. */
export type Served = { readonly pid: number; readonly ports: BrokerPorts };

export type Publishing = { readonly creditPort: number };
