import { z } from 'zod';
import type { TopicMap } from '../../src/feed/index.ts';
import { builtIn } from './built-in.ts';
import type { FieldConfig, ReplayConfig, ReplayFile } from './config.ts';
import { fieldType } from './field-type.ts';

/** Everything that will be played: the built-in recordings asked for, then the files named. */
export function filesOf(config: ReplayConfig): ReplayFile[] {
  return [...config.builtIn.map((name) => builtIn[name]), ...config.files];
}

/**
 * What these files publish. Where a file itself names its topics, any topic is declared, after all those that are
 * known, with data of any shape. Throws TypeError when two files declare one pattern differently.
 */
export function replayTopics(config: ReplayConfig): TopicMap {
  const known = new Map<string, { file: ReplayFile; look: string }>();
  let hasAny = false;
  for (const file of filesOf(config)) {
    if (typeof file.topic !== 'string') {
      hasAny = true;
      continue;
    }
    const pattern = file.prefix === undefined ? file.topic : `${file.prefix}.${file.topic}`;
    const look = JSON.stringify([file.kind, file.fields]);
    const other = known.get(pattern);
    if (other !== undefined && other.look !== look) {
      throw new TypeError(
        `replay: topic "${pattern}" has another kind or other fields in ${file.path} than in ${other.file.path}`,
      );
    }
    known.set(pattern, { file, look });
  }
  const declared = [...known].map(([pattern, { file }]) => [pattern, declarationOf(file)] as const);
  return { ...Object.fromEntries(declared), ...(hasAny || declared.length === 0 ? anyTopic : {}) };
}

/** A pattern for each depth a topic may have. */
const anyTopic: TopicMap = Object.fromEntries(
  Array.from({ length: 16 }, (_, depth) => [
    Array.from({ length: depth + 1 }, (_, i) => `{s${i + 1}}`).join('.'),
    { schema: z.unknown(), kind: 'event' as const, description: 'Whatever the recordings hold.' },
  ]),
);

function declarationOf({ kind, fields, path }: ReplayFile) {
  const schema =
    fields === undefined
      ? z.unknown()
      : z.object(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])));
  return { schema, kind, description: `Recorded data from ${path}.` };
}

/** A recording may lack any value. */
function schemaOf(field: FieldConfig): z.ZodType {
  const { type, unit } = typeof field === 'string' ? { type: field } : field;
  const { schema } = fieldType(type);
  return (unit === undefined ? schema : schema.meta({ ...schema.meta(), unit })).nullable();
}
