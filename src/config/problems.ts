/** What zod found, in sentences for whoever wrote the config. */

import type { z } from 'zod';
import { didYouMean } from '../feed/nearest.ts';
import { knownKeys } from './config-schema.ts';
import { sourceOf } from './settings.ts';

/** One sentence for each issue: path, what it must be, the value it has, who set it. */
export function problemsOf(error: z.ZodError, values: unknown, sources: ReadonlyMap<string, string>): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...issue.path, key], sources));
    const value = isSecret(issue.path) ? 'something else' : showValue(valueAt(values, issue.path));
    return [`${showPath(issue.path)} ${issue.message}, got ${value} (${showSource(issue.path, sources)})`];
  });
}

/** What a message must not show. */
function isSecret(path: readonly PropertyKey[]): boolean {
  return path.join('.') === 'server.adminToken';
}

function unknownKey(path: readonly PropertyKey[], sources: ReadonlyMap<string, string>): string {
  const key = String(path.at(-1));
  const place = path.slice(0, -1);
  const known = knownKeys[showPath(place).replace(/\[\d+\]/g, '[]')] ?? [];
  return `${showPath(path)} is not an option (${showSource(path, sources)})${didYouMean(key, known)}`;
}

function showPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function showSource(path: readonly PropertyKey[], sources: ReadonlyMap<string, string>): string {
  return `from ${sourceOf(path, sources) ?? 'the configuration'}`;
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}

function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
