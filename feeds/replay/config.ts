import { extname } from 'node:path';
import { z } from 'zod';
import { fieldTypePattern } from './field-type.ts';
import { timeFormats } from './time-format.ts';

export const builtInNames = ['earthquakes', 'weather'] as const;

const typeText = z.string().regex(fieldTypePattern, 'must be number, int, decimal:2, string, bool, time:ms or any');
const field = z.union([
  typeText,
  z.strictObject({
    /** A column, or a path into nested values: `properties.mag`, `geometry.coordinates.0`. The field's own name if absent. */
    from: z.string().min(1).optional(),
    type: typeText,
    unit: z.string().optional(),
  }),
]);
const topicTemplate = z
  .string()
  .regex(/^([\w-]+|\{\w+\})(\.([\w-]+|\{\w+\})){0,15}$/, 'must be dotted segments or {fields}, like quake.{net}');

const formats = ['ndjson', 'csv', 'geojson'] as const;
const endings: Readonly<Record<string, (typeof formats)[number]>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.geojson': 'geojson',
};

function formatOf(path: string): (typeof formats)[number] | undefined {
  return endings[extname(path.replace(/\.gz$/, ''))];
}

const file = z
  .strictObject({
    /** Relative to where the server was started, or `npm:package/data/file`. A name ending in .gz is unpacked. */
    path: z.string().min(1),
    /** Without it the ending of the path says: .ndjson, .jsonl, .csv or .geojson. */
    format: z.enum(formats).optional(),
    /** `quake.{net}` takes segments from fields, `{ field }` the whole name. Without it lines are `{topic, ts, kind, data}`. */
    topic: z.union([topicTemplate, z.strictObject({ field: z.string().min(1) })]).optional(),
    /** Put before every topic, so that a recording can run beside the feed it was made from. */
    prefix: z
      .string()
      .regex(/^[\w-]+(\.[\w-]+)*$/, 'must be dotted segments')
      .optional(),
    /** Every row of a recording counts unless said otherwise. Native records say it themselves. */
    kind: z.enum(['latest', 'event', 'keyed', 'ephemeral']).default('event'),
    /** The field that names the row of a keyed topic. */
    key: z.string().min(1).optional(),
    time: z.strictObject({ field: z.string().min(1), format: z.enum(timeFormats) }).optional(),
    /** What to publish of a row. Without it the row as it is. */
    fields: z.record(z.string().min(1), field).optional(),
    /** Between the columns of a CSV file. */
    delimiter: z.string().length(1).default(','),
    /** Daily rows need 86,400 to come once a second, so the limit is well above that. */
    speed: z.union([z.literal('asap'), z.number().min(0.1).max(1_000_000)]).default(1),
    loop: z.boolean().default(false),
    /** Rest between two rounds; long enough that a file of one row does not spin. */
    loopPauseMs: z.int().min(10).default(1000),
    /** The longest wait between two rows, after speed: shortens nights and weekends. */
    maxGapMs: z.number().positive().optional(),
    /** `shift` stamps rows with the time they are due now, `original` with that of the recording. */
    stamp: z.enum(['shift', 'original']).default('shift'),
    onBadLine: z.enum(['skip', 'fatal']).default('skip'),
    /** `none` trusts the file, `assert` calls a row that goes back bad, `buffer:500` mends what is that near, `whole` loads all. */
    sort: z
      .string()
      .regex(/^(none|assert|whole|buffer:([1-9]\d{0,4}))$/, 'must be none, assert, whole or buffer:1 to buffer:99999')
      .optional(),
  })
  .transform((value, context) => {
    const format = value.format ?? formatOf(value.path);
    if (format !== undefined) return { ...value, format };
    const message = `is needed, for the ending of "${value.path}" does not tell; there are ${formats.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['format'], message });
    return z.NEVER;
  })
  .superRefine((value, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (value.topic === undefined && value.format !== 'ndjson') complain('topic', `is needed for ${value.format}`);
    if (value.topic !== undefined && value.time === undefined) complain('time', 'is needed where topic is given');
    if (value.topic === undefined && value.fields !== undefined) complain('fields', 'need a topic');
    if (value.topic !== undefined && value.kind === 'keyed' && value.key === undefined)
      complain('key', 'is needed for keyed topics');
  });

/** What the replay feed may be told. With nothing said it plays the recordings that come with it. */
export const replayConfig = z.strictObject({
  builtIn: z.array(z.enum(builtInNames)).default([...builtInNames]),
  files: z.array(file).default([]),
});
export type ReplayConfig = z.output<typeof replayConfig>;
export type ReplayFile = z.output<typeof file>;
export type FieldConfig = z.output<typeof field>;
export type Sort = 'none' | 'assert' | 'whole' | { readonly buffer: number };

/** A GeoJSON file is loaded whole anyway, and USGS lists the newest event first. */
export function sortOf({ sort, format }: ReplayFile): Sort {
  const text = sort ?? (format === 'geojson' ? 'whole' : 'none');
  if (text === 'none' || text === 'assert' || text === 'whole') return text;
  return { buffer: Number(text.slice('buffer:'.length)) };
}

/** Checks one file's options and fills in the defaults; throws as zod does. */
export function replayFile(options: z.input<typeof file>): ReplayFile {
  return file.parse(options);
}
