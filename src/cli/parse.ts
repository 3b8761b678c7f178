/** What people type after a flag, read or refused; commander adds the flag and the value to the message. */

import { InvalidArgumentError } from 'commander';
import { parseFilter as readFilter } from '../bus/filter.ts';
import type { Micros } from '../protocol/frames.ts';
import { maxLast } from '../protocol/since.ts';
import { viewLimits } from '../protocol/view-request.ts';

export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const longestMs = 2 ** 31 - 1; // what a timer can hold: 24 days

const duration = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** `10s`, `500ms`, `2m`, `1h` → milliseconds */
export function parseDurationMs(text: string): number {
  const [, digits, unit = ''] = duration.exec(text) ?? [];
  const ms = Number(digits) * (unitsMs[unit] ?? Number.NaN);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('It must be a time such as 500ms, 10s, 2m or 1h.');
}

/** How far a subscription may look back. */
export function parseLast(text: string): number {
  const last = parseCount(text);
  if (last <= maxLast) return last;
  throw new InvalidArgumentError(`It must be ${maxLast} at most; "tickwire history" goes further back.`);
}

/** A whole number from 0. */
export function parseSeq(text: string): number {
  const seq = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seq)) return seq;
  throw new InvalidArgumentError('It must be a whole number from 0.');
}

export function parseRate(text: string): number {
  const { minRate, maxRate } = viewLimits;
  const rate = Number(text);
  if (text.trim() !== '' && rate >= minRate && rate <= maxRate) return rate;
  throw new InvalidArgumentError(`It must be a number of updates per second from ${minRate} to ${maxRate}.`);
}

/** `bid,ask` → names */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw new InvalidArgumentError('It must be a comma list of different names.');
}

/** Left as it is once it can be read: whether its fields exist is for the server to say. */
export function parseFilter(text: string): string {
  try {
    if (text.length > viewLimits.maxFilterChars) throw new Error(`it is longer than ${viewLimits.maxFilterChars}`);
    readFilter(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** `30s` ago, or at `2026-05-17T12:00:00Z` → microseconds since 1970 */
export function parseSince(text: string): Micros {
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const ms = Date.parse(text);
    if (ms >= 0) return ms * 1000;
  } else if (duration.test(text)) {
    return (Date.now() - parseDurationMs(text)) * 1000;
  }
  throw new InvalidArgumentError('It must be a time ago such as 30s or 5m, or a time such as 2026-05-17T12:00:00Z.');
}

export function parseServerUrl(text: string): string {
  if (URL.canParse(text) && /^(wss?|https?):$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be a URL such as ws://127.0.0.1:9000 or https://feeds.example.com.');
}
