/** What the conductor asks of the server of its own and of the process of the publishers. Each request gets one answer. */

import type { Fed, OwnServer, Stamped } from '../plan.ts';
import type { Used } from '../process-use.ts';
import type { Window } from '../worker/worker-protocol.ts';
import type { Published } from './tally.ts';

/** Answered by `{}`, `stop` by `Published`. */
export type SourceRequest =
  | { readonly ask: 'start' }
  | { readonly ask: 'measure'; readonly window: Window }
  | { readonly ask: 'stop' };

export type ServerRequest =
  | SourceRequest
  /** Answered by `Listening`. */
  | { readonly ask: 'listen'; readonly server: OwnServer; readonly source: FedBy }
  /** Answered by `ServerLook`. */
  | { readonly ask: 'look' }
  /** Does nothing else for so long, so that a run may be seen to notice. Answered by `{}`. */
  | { readonly ask: 'stall'; readonly ms: number };

/** What is published on a server of our own. */
export type FedBy =
  | { readonly by: 'load feed'; readonly fed: Fed; readonly isCoordinated?: boolean }
  | { readonly by: 'clients' }
  | { readonly by: 'its feeds' };

export type Listening = { readonly url: string };

export type ServerLook = Used & { readonly sessions: number };

export type PublisherRequest =
  | SourceRequest
  /** Answered by `{}` when all are connected. */
  | { readonly ask: 'connect'; readonly url: string; readonly publishers: number; readonly stamped: Stamped }
  /** Answered by `PublisherLook`. */
  | { readonly ask: 'look' };

/** `lateness`: how long after their time publications of the window left; compressed HDR histogram in microseconds. */
export type PublisherLook = Used & { readonly lateness: string };

/** What the load feed hands over to the server's process. */
export type FeedControls = {
  start(): void;
  measure(window: Window): void;
  /** What was published is final then. */
  stop(): Published;
};
