/** The two faces of a config: what people write and what the house reads. */

import type { z } from 'zod';
import type { HistoryRule } from '../bus/history-rules.ts';
import type { TopicKind } from '../protocol/topic.ts';
import type { ServerOptions } from '../server/options.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const logFormats = ['auto', 'pretty', 'json'] as const;

/** One feed to run. `use` is a built-in feed's name or a path to a file that exports one. */
export type FeedEntry = {
  readonly use: string;
  readonly name?: string;
  readonly config: Record<string, unknown>;
  /** Without it the server is not ready (`/readyz`). */
  readonly required?: boolean;
};

/** Topics that clients may publish to; everything else is closed to them. */
export type OpenTopic = {
  readonly pattern: string;
  readonly kind: TopicKind;
  readonly schema?: z.ZodType;
  readonly ttlMs?: number;
};

export type LogOptions = { level: (typeof logLevels)[number]; format: (typeof logFormats)[number] };

export type Config = {
  readonly server: ServerOptions;
  /** Feeds draw all their random numbers from this. */
  readonly seed: string;
  readonly feeds: readonly FeedEntry[];
  readonly open: readonly OpenTopic[];
  /** What topics keep of their past; the first entry that selects a topic decides. */
  readonly history: readonly HistoryRule[];
  readonly log: LogOptions;
  /** Where relative paths of feeds start: the config file's folder, or the working folder. */
  readonly folder: string;
};

/** What `tickwire.config.ts` exports. Whatever is absent keeps its default. */
export type ConfigInput = {
  server?: Partial<ServerOptions>;
  seed?: string | number;
  feeds?: readonly (string | { use: string; name?: string; config?: Record<string, unknown>; required?: boolean })[];
  open?: readonly {
    pattern: string;
    /** Default `latest`. */
    kind?: TopicKind;
    /** A zod schema, or a JSON Schema object; without one any value is taken. */
    schema?: z.ZodType | Record<string, unknown>;
    /** Kind `keyed`: takes a row off so many milliseconds after its last publication. */
    ttlMs?: number;
  }[];
  /** What topics keep of their past; the first entry that selects a topic decides. `maxCount` 0: nothing. */
  history?: readonly { pattern: string; maxCount?: number; maxBytes?: number; maxAgeMs?: number }[];
  log?: Partial<LogOptions>;
};
