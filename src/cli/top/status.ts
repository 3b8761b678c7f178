/** What GET /status answers. */

import { z } from 'zod';
import { connection } from '../connection-list.ts';
import { runningFeed } from '../running-feed.ts';

export const status = z.looseObject({
  server: z.string(),
  uptimeSec: z.number(),
  ready: z.boolean(),
  reasons: z.array(z.string()),
  connections: z.looseObject({
    count: z.number(),
    peak: z.number(),
    limit: z.number(),
    encodings: z.record(z.string(), z.number()),
    steps: z.record(z.string(), z.number()),
    subscriptions: z.number(),
    queueBytes: z.number(),
  }),
  counts: z.looseObject({
    publications: z.number(),
    encodes: z.number(),
    delivered: z.number(),
    conflated: z.number(),
    filtered: z.number(),
    missed: z.number(),
    messages: z.number(),
    bytes: z.number(),
  }),
  feeds: z.array(runningFeed),
  process: z.looseObject({ cpuSec: z.number(), rssBytes: z.number(), loopDelayMs: z.number() }),
  sessions: z.array(connection),
});
export type Status = z.infer<typeof status>;
