/** The one schema of a config. Every message completes the sentence "<path> ...". */

import { z } from 'zod';
import { patternFault, topicKinds } from '../protocol/topic.ts';
import type { ServerOptions } from '../server/options.ts';
import { type Config, type FeedEntry, logFormats, logLevels, type OpenTopic } from './config-input.ts';

const serverFields = {
  host: text('a host name or address such as 127.0.0.1'),
  port: whole(0, 65_535),
  allowedOrigins: z.array(z.string().refine(isOrigin, { error: 'must be an origin such as https://app.example.com' }), {
    error: 'must be a list of origins',
  }),
  maxConnections: whole(1, 10_000_000),
  maxFrameBytes: whole(64, 64 * 1024 * 1024),
  maxSubscriptions: whole(1, 1_000_000),
  maxPublishBytes: whole(1, 1024 * 1024 * 1024),
  maxErrors: whole(1, 1_000_000),
  helloTimeoutMs: whole(1, 3_600_000),
  heartbeatMs: whole(1, 3_600_000),
  timeoutMs: whole(1, 3_600_000),
  evictBytes: whole(1, 1024 * 1024 * 1024),
  flushIntervalMs: whole(0, 60_000),
} satisfies Record<keyof ServerOptions, z.ZodType>;

const server = z.strictObject(serverFields, { error: mustBeObject }).check(({ value, issues }) => {
  if (value.timeoutMs > value.heartbeatMs) return;
  const message = `must be longer than server.heartbeatMs (${value.heartbeatMs}), or healthy connections are cut`;
  issues.push({ code: 'custom', path: ['timeoutMs'], message, input: value.timeoutMs });
});

const feedFields = {
  use: text('a built-in feed\'s name or a path such as "./my-feed.ts"'),
  name: z
    .string({ error: 'must be a text' })
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and dashes' })
    .exactOptional(),
  config: z.record(z.string(), z.unknown(), { error: mustBeObject }).default({}),
};

const feed: z.ZodType<FeedEntry> = z.preprocess(
  (entry) => (typeof entry === 'string' ? { use: entry } : entry),
  z.strictObject(feedFields, { error: "must be a feed's name, a path or { use, name, config }" }),
);

const feeds = z.array(feed, { error: 'must be a list of feeds' }).check(({ value, issues }) => {
  const seen = new Set<string>();
  for (const [i, entry] of value.entries()) {
    const name = entry.name ?? entry.use;
    const message = `is a second feed named "${name}"; give one of them a name of its own: { use, name }`;
    if (seen.has(name)) issues.push({ code: 'custom', path: [i], message, input: entry });
    seen.add(name);
  }
});

const openFields = {
  pattern: z.string({ error: 'must be a topic or pattern' }).check(({ value, issues }) => {
    const fault = patternFault(value);
    if (fault !== undefined) issues.push({ code: 'custom', message: `is no pattern: it ${fault}`, input: value });
  }),
  kind: z.enum(topicKinds, { error: mustBeOneOf(topicKinds) }).default('latest'),
  schema: z.unknown().transform(toSchema).exactOptional(),
};

const open = z.strictObject(openFields, { error: 'must be { pattern, kind, schema }' });

const log = z.strictObject(
  {
    level: z.enum(logLevels, { error: mustBeOneOf(logLevels) }),
    format: z.enum(logFormats, { error: mustBeOneOf(logFormats) }),
  },
  { error: mustBeObject },
);

const seedError = 'must be a text that is not empty, or a number';
const seed = z
  .union([z.string(), z.number()], { error: seedError })
  .transform(String)
  .pipe(z.string().min(1, { error: seedError }));

export const configSchema: z.ZodType<Omit<Config, 'folder'>> = z.strictObject({
  server,
  seed,
  feeds,
  open: z.array(open as z.ZodType<OpenTopic>, { error: 'must be a list of { pattern, kind, schema }' }),
  log,
});

/** The keys that may stand at each place, `[]` for any list position; for naming the nearest of a wrong one. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': ['server', 'seed', 'feeds', 'open', 'log'],
  server: Object.keys(serverFields),
  'feeds[]': Object.keys(feedFields),
  'open[]': Object.keys(openFields),
  log: ['level', 'format'],
};

function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function text(what: string) {
  const error = `must be ${what}`;
  return z.string({ error }).min(1, { error });
}

function mustBeOneOf(words: readonly string[]): string {
  return `must be one of ${words.join(', ')}`;
}

/** zod asks this for every issue of the object; keys that are not known get their own sentence elsewhere. */
function mustBeObject(issue: { code?: string }): string | undefined {
  return issue.code === 'invalid_type' ? 'must be an object' : undefined;
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

/** zod as it is; anything else is read as JSON Schema. */
function toSchema(value: unknown, context: z.RefinementCtx): z.ZodType {
  if (value instanceof z.ZodType) return value;
  try {
    if (typeof value !== 'object' || value === null) throw new TypeError('it is no object');
    return z.fromJSONSchema(value as z.core.JSONSchema.JSONSchema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    context.addIssue({
      code: 'custom',
      message: `must be a zod schema or a JSON Schema object (${reason})`,
      input: value,
    });
    return z.NEVER;
  }
}
