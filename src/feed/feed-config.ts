/** A feed's own configuration, checked by the schema that it brings. */

import type { Feed } from './define-feed.ts';

/** Parsed, with the feed's defaults. Throws Error with a line for each fault, naming path and value: `feeds[2].config.url`. */
export function parseFeedConfig(feed: Feed, config: unknown, at: string): unknown {
  const given = config ?? {};
  const parsed = feed.config.safeParse(given);
  if (parsed.success) {
    feed.topicsOf(parsed.data); // a name made of a bad value shows here, not at the first start
    return parsed.data;
  }
  const faults = parsed.error.issues.map(({ path, message }) => fault(at, path, message, given));
  throw new Error(`feed "${feed.name}": ${faults.join('; ')}`);
}

function fault(at: string, path: readonly PropertyKey[], message: string, config: unknown): string {
  return `${at}${path.map(step).join('')}: ${message}, got ${shown(valueAt(config, path))}`;
}

function step(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  let value = config;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
