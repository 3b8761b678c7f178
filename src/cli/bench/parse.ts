/** What people type after flags of `tickwire bench`; commander adds the flag and the value to the message. */

import { InvalidArgumentError } from 'commander';
import type { Slow } from '../../../bench/load/plan.ts';
import { type Assertion, parseAssertion } from '../../../bench/report/index.ts';
import { messageOf } from '../exit.ts';
import { parseDurationMs } from '../parse.ts';

export function parseSeconds(text: string): number {
  return parseDurationMs(text) / 1000;
}

/** As `parseSeconds`, and `0` or `0s`. */
export function parseSecondsOrNone(text: string): number {
  return /^0(ms|s|m|h)?$/.test(text) ? 0 : parseSeconds(text);
}

/** A number above 0. */
export function parsePerSecond(text: string): number {
  const rate = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && rate > 0) return rate;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** `128`, `4kb`, `1mb`, in powers of ten as network rates are */
export function parseBytes(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(b|kb|mb)?$/i.exec(text) ?? [];
  const bytes = Number(digits) * (byteUnits[unit.toLowerCase()] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError('It must be a number of bytes such as 128, 4kb or 1mb.');
}

const byteUnits: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1000, mb: 1_000_000 };

/** `5%:stall`, `5%:stall30s`, `5%:8kbps`: kilobits, as rates of networks are told */
export function parseSlow(text: string): Slow {
  const [, digits, way = ''] = /^(\d+(?:\.\d+)?)%:(\w+)$/.exec(text) ?? [];
  const percent = Number(digits);
  const how = howOf(way);
  if (percent > 100) throw new InvalidArgumentError('Its share must be 100% at most.');
  if (percent > 0 && how !== undefined) return { share: percent / 100, how };
  throw new InvalidArgumentError('It must be a share and a way, such as 5%:stall, 5%:stall30s or 5%:8kbps.');
}

function howOf(way: string): Slow['how'] | undefined {
  if (way === 'stall') return { kind: 'stall' };
  const [, time] = /^stall(\d+(?:ms|s|m))$/.exec(way) ?? [];
  if (time !== undefined) return { kind: 'stallFor', seconds: parseSeconds(time) };
  const [, bits] = /^(\d+(?:b|kb|mb))ps$/.exec(way) ?? [];
  const bytesPerSec = bits === undefined ? 0 : parseBytes(bits) / 8;
  return bytesPerSec > 0 ? { kind: 'bytesPerSec', bytesPerSec } : undefined;
}

/** One more of a flag that may be repeated. */
export function collectAssertion(text: string, before: readonly Assertion[] = []): Assertion[] {
  try {
    return [...before, parseAssertion(text)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** One more of a flag that may be repeated. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
