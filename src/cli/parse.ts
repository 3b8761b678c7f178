/** What people type after a flag, read or refused; commander adds the flag and the value to the message. */

import { InvalidArgumentError } from 'commander';

export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const longestMs = 2 ** 31 - 1; // what a timer can hold: 24 days

/** `10s`, `500ms`, `2m`, `1h` → milliseconds */
export function parseDurationMs(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(digits) * (unitsMs[unit] ?? Number.NaN);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('It must be a time such as 500ms, 10s, 2m or 1h.');
}

export function parseServerUrl(text: string): string {
  if (URL.canParse(text) && /^(wss?|https?):$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be a URL such as ws://127.0.0.1:9000 or https://feeds.example.com.');
}
