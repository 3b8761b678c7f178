/** What the server is handed: the bus, the way in for clients' publications, and the world around it. */

import type { DemandBook, Hub, PublishOutcome, SchemaRegistry } from '../bus/index.ts';
import type { Micros } from '../protocol/index.ts';
import type { Controls } from './controls.ts';
import type { ServerCounts } from './counts.ts';
import type { ServerOptions } from './options.ts';
import type { AppOutlet } from './outlet.ts';
import type { ProblemLog } from './problem-log.ts';
import type { Condition } from './readiness.ts';

export type Log = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/** Takes what a client publishes, or says why not. Feed topics and topics that no config opens are forbidden. */
export type ClientPublish = (
  topic: string,
  data: unknown,
  key: string | undefined,
  /** How long the row lives, on a keyed topic. */
  ttlMs?: number,
) => PublishOutcome;

export type ServerParts = {
  readonly options: ServerOptions;
  readonly hub: Hub;
  readonly outlet: AppOutlet;
  readonly counts: ServerCounts;
  readonly demand: DemandBook;
  readonly schemas: SchemaRegistry;
  readonly publish: ClientPublish;
  readonly log: Log;
  /** For what may go wrong often. */
  readonly problems: ProblemLog;
  /** What must be well before clients are sent here. Absent: nothing. */
  readonly conditions?: readonly Condition[];
  readonly controls: Controls;
  readonly now: () => Micros;
  /** Shown to clients in WELCOME: name and version. */
  readonly name: string;
};
