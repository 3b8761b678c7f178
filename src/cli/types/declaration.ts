/** A TypeScript declaration of what topics carry, from the schemas of their values. */

import { comment } from './comment.ts';
import { typeOf } from './type-of.ts';

export type TypedFamily = {
  /** A topic, with `{placeholders}` for segments that differ. */
  readonly address: string;
  readonly description: string;
  /** JSON Schema of a value. */
  readonly payload: unknown;
};

export type Origin = { readonly server: string; readonly url: string };

export function declarationOf(families: readonly TypedFamily[], { server, url }: Origin): string {
  const lines = [...byKey(families)].flatMap(([key, { words, types }]) => [
    ...(words.size === 0 ? [] : [`  /** ${[...words].join(' ')} */`]),
    `  ${key}: ${[...types].join(' | ')};`,
  ]);
  return `// What ${comment(server)} at ${comment(url)} publishes. Made by \`tickwire types\`; make it anew when that changes.

/** For \`connect<Feeds>()\`: payloads by topic, or by the pattern that selects them. */
export type Feeds = {
${lines.join('\n')}
};
`;
}

/** Two feeds may publish on topics of one form: each of them is of either type. */
function byKey(families: readonly TypedFamily[]): Map<string, { words: Set<string>; types: Set<string> }> {
  const found = new Map<string, { words: Set<string>; types: Set<string> }>();
  for (const { address, description, payload } of families) {
    const key = keyOf(address);
    const entry = found.get(key) ?? { words: new Set(), types: new Set() };
    if (description !== '') entry.words.add(comment(description));
    entry.types.add(typeOf(payload, '  '));
    found.set(key, entry);
  }
  return found;
}

/** A name as it is; with placeholders, whatever text stands there, a wildcard too. */
function keyOf(address: string): string {
  if (!address.includes('{')) return JSON.stringify(address);
  const segments = address.split(/\{[^}]*\}/).map(templateText);
  return `[topic: \`${segments.join(templateAny)}\`]`;
}

const templateAny = '$' + '{string}'; // of TypeScript, not of this file

function templateText(text: string): string {
  return text.replace(/[`\\$]/g, '\\$&');
}
