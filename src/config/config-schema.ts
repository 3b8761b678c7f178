/** The one schema of a config. Every message completes the sentence "<path> ...". */

import { z } from 'zod';
import { ttlLimits } from '../bus/expiry.ts';
import { historyDefaults } from '../bus/history-rules.ts';
import { patternFault, topicKinds } from '../protocol/topic.ts';
import type { ServerOptions } from '../server/options.ts';
import { type Config, type FeedEntry, logFormats, logLevels, type OpenTopic } from './config-input.ts';

const serverFields = {
  host: text('a host name or address such as 127.0.0.1'),
  port: whole(0, 65_535),
  allowedOrigins: z.array(z.string().refine(isOrigin, { error: 'must be an origin such as https://app.example.com' }), {
    error: 'must be a list of origins',
  }),
  tlsCertFile: text('the path of a PEM file').exactOptional(),
  tlsKeyFile: text('the path of a PEM file').exactOptional(),
  adminToken: token().exactOptional(),
  sharePort: z.boolean({ error: 'must be true or false' }),
  maxConnections: whole(1, 10_000_000),
  maxFrameBytes: whole(64, 64 * 1024 * 1024),
  maxSubscriptions: whole(1, 1_000_000),
  maxViewTopics: whole(1, 100_000_000),
  maxPublishBytes: whole(1, 1024 * 1024 * 1024),
  maxErrors: whole(1, 1_000_000),
  helloTimeoutMs: whole(1, 3_600_000),
  heartbeatMs: whole(1, 3_600_000),
  timeoutMs: whole(1, 3_600_000),
  flushIntervalMs: whole(0, 60_000),
  busyFlushMs: whole(0, 60_000),
  highWaterBytes: whole(1, 1024 * 1024 * 1024),
  lowWaterBytes: whole(0, 1024 * 1024 * 1024),
  evictBytes: whole(1, 1024 * 1024 * 1024),
  lagMs: whole(1, 3_600_000),
  probeEveryMs: whole(1, 3_600_000),
  evictAfterMs: whole(1, 86_400_000),
  limitedRate: number(0.01, 100),
  compressFromBytes: whole(0, 64 * 1024 * 1024),
  demandLingerMs: whole(0, 86_400_000),
  historyBytes: whole(0, 1024 * 1024 * 1024 * 1024),
  drainMs: whole(0, 3_600_000),
  drainPerSec: whole(1, 1_000_000),
  reportEveryMs: whole(0, 3_600_000),
} satisfies Record<keyof ServerOptions, z.ZodType>;

type NumberOption =
  | 'timeoutMs'
  | 'heartbeatMs'
  | 'highWaterBytes'
  | 'lowWaterBytes'
  | 'evictBytes'
  | 'evictAfterMs'
  | 'lagMs';

/** `[option, must be more than, or else]` */
const serverOrder: readonly [NumberOption, NumberOption, string][] = [
  ['timeoutMs', 'heartbeatMs', 'or healthy connections are cut'],
  ['highWaterBytes', 'lowWaterBytes', 'or a laggard would be one again at once'],
  ['evictBytes', 'highWaterBytes', 'or a connection is closed before it could catch up'],
  ['evictAfterMs', 'lagMs', 'or a connection is closed before it could catch up'],
];

const tlsPair = [
  ['tlsCertFile', 'tlsKeyFile'],
  ['tlsKeyFile', 'tlsCertFile'],
] as const;

const server = z.strictObject(serverFields, { error: mustBeObject }).check(({ value, issues }) => {
  for (const [option, least, orElse] of serverOrder) {
    if (value[option] > value[least]) continue;
    const message = `must be more than server.${least} (${value[least]}), ${orElse}`;
    issues.push({ code: 'custom', path: [option], message, input: value[option] });
  }
  for (const [option, other] of tlsPair) {
    if (value[option] === undefined || value[other] !== undefined) continue;
    const message = `needs server.${other} beside it`;
    issues.push({ code: 'custom', path: [option], message, input: value[option] });
  }
});

const feedFields = {
  use: text('a built-in feed\'s name or a path such as "./my-feed.ts"'),
  name: z
    .string({ error: 'must be a text' })
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and dashes' })
    .exactOptional(),
  config: z.record(z.string(), z.unknown(), { error: mustBeObject }).default({}),
  required: z.boolean({ error: 'must be true or false' }).exactOptional(),
};

const feed: z.ZodType<FeedEntry> = z.preprocess(
  (entry) => (typeof entry === 'string' ? { use: entry } : entry),
  z.strictObject(feedFields, { error: "must be a feed's name, a path or { use, name, config, required }" }),
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

const pattern = z.string({ error: 'must be a topic or pattern' }).check(({ value, issues }) => {
  const fault = patternFault(value);
  if (fault !== undefined) issues.push({ code: 'custom', message: `is no pattern: it ${fault}`, input: value });
});

const openFields = {
  pattern,
  kind: z.enum(topicKinds, { error: mustBeOneOf(topicKinds) }).default('latest'),
  schema: z.unknown().transform(toSchema).exactOptional(),
  ttlMs: whole(1, ttlLimits.maxMs).exactOptional(),
};

const open = z
  .strictObject(openFields, { error: 'must be { pattern, kind, schema, ttlMs }' })
  .check(({ value: { kind, ttlMs }, issues }) => {
    if (ttlMs === undefined || kind === 'keyed') return;
    const message = `is for rows, so for kind keyed; this kind is ${kind}`;
    issues.push({ code: 'custom', path: ['ttlMs'], message, input: ttlMs });
  });

const historyFields = {
  pattern,
  maxCount: whole(0, 10_000_000).default(historyDefaults.maxCount),
  maxBytes: whole(1, 1024 * 1024 * 1024 * 1024).default(historyDefaults.maxBytes),
  maxAgeMs: whole(1, 31_536_000_000).default(historyDefaults.maxAgeMs), // a year
};

const history = z.strictObject(historyFields, { error: 'must be { pattern, maxCount, maxBytes, maxAgeMs }' });

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
  open: z.array(open as z.ZodType<OpenTopic>, { error: 'must be a list of { pattern, kind, schema, ttlMs }' }),
  history: z.array(history, { error: 'must be a list of { pattern, maxCount, maxBytes, maxAgeMs }' }),
  log,
});

/** The keys that may stand at each place, `[]` for any list position; for naming the nearest of a wrong one. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': ['server', 'seed', 'feeds', 'open', 'history', 'log'],
  server: Object.keys(serverFields),
  'feeds[]': Object.keys(feedFields),
  'open[]': Object.keys(openFields),
  'history[]': Object.keys(historyFields),
  log: ['level', 'format'],
};

function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function number(least: number, most: number) {
  const error = `must be a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

function text(what: string) {
  const error = `must be ${what}`;
  return z.string({ error }).min(1, { error });
}

/** Of RFC 6750 section 2.1, so that it fits into a header as it is, and long enough not to be guessed. */
function token() {
  const error = `must be 16 to 512 letters, digits and -._~+/, with = only at the end`;
  return z.string({ error }).regex(/^(?=.{16,512}$)[A-Za-z0-9._~+/-]+=*$/, { error });
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
