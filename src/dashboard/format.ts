/** Values as people read them, in their own language. Whatever comes from the wire is unknown until looked at. */

import type { Zone } from './frame/settings.ts';

export const none = '–';

/** A number with this many digits behind the point; a dash when there is none. */
export function fixed(value: unknown, digits: number): string {
  return isNumber(value) ? (Math.abs(value) < hugest ? formatter(digits).format(value) : huge.format(value)) : none;
}

/** With its sign always shown. */
export function signed(value: unknown, digits: number): string {
  return isNumber(value) && value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

/** A count in few letters: 1,234 or 56.7K. */
export function compact(value: unknown): string {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  return size < 10_000 || size >= hugest ? fixed(value, 0) : shorter.format(value);
}

/** As many digits as tell something: for figures of which nothing is known. */
export function figure(value: unknown): string {
  if (!isNumber(value)) return none;
  return Math.abs(value) < hugest ? significant.format(value) : huge.format(value);
}

/** Bytes in the unit that leaves few digits. */
export function bytes(value: unknown): string {
  if (!isNumber(value)) return none;
  const step = value < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(value) / 10));
  return `${fixed(value / 1024 ** step, step === 0 ? 0 : 1)} ${byteUnits[step]}`;
}

/** A share of one. */
export function percent(share: unknown, digits = 1): string {
  return isNumber(share) ? `${fixed(share * 100, digits)} %` : none;
}

/** How long something lasts or is ago, in its largest unit that makes sense. */
export function duration(ms: unknown): string {
  if (!isNumber(ms)) return none;
  const [, size, unit, digits] = durationUnits.find(([below]) => Math.abs(ms) < below) ?? days;
  return `${fixed(ms / size, digits)} ${unit}`;
}

/** How old a value of this event time is; a clock that is ahead of ours is told, not hidden. */
export function age(ts: number, nowMs: number): string {
  if (ts === 0) return none;
  const ms = nowMs - ts / 1000;
  if (ms < -tolerableMs) return `${duration(-ms)} ahead`;
  return ms < 1000 ? '< 1 s' : duration(ms);
}

/** Time of day of integer microseconds; with its date when that is not today. */
export function clockTime(micros: unknown, zone: Zone): string {
  if (!isNumber(micros)) return none;
  const date = new Date(micros / 1000);
  if (Number.isNaN(date.getTime())) return none;
  const { time, dayAndTime, day } = timeFormats[zone];
  return day.format(date) === day.format(new Date()) ? time.format(date) : dayAndTime.format(date);
}

/** Any value in one short line. */
export function summary(value: unknown): string {
  return shorten(isObject(value) ? entries(value) : scalar(value));
}

/** A sentence or a name of any length, in as much as has room. Directions that it sets end where it does. */
export function shorten(text: string, length = maxLength): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** One field of an object; undefined where there is no such thing. */
export function field(data: unknown, name: string): unknown {
  return isObject(data) && Object.hasOwn(data, name) ? data[name] : undefined;
}

/** The number, or undefined. */
export function numberIn(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

/** The number, or what charts take for none. */
export function plotted(value: unknown): number {
  return isNumber(value) && Math.abs(value) < hugest ? value : Number.NaN;
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const maxLength = 160; // two lines of a narrow panel
const hugest = 1e15; // beyond it a double has no digits behind the point left, and a column no room
const tolerableMs = 2000; // clocks that differ by less differ as clocks do
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const days = [Number.POSITIVE_INFINITY, 86_400_000, 'd', 0] as const;
const durationUnits = [
  [10, 1, 'ms', 1],
  [1000, 1, 'ms', 0],
  [10_000, 1000, 's', 1],
  [120_000, 1000, 's', 0],
  [7_200_000, 60_000, 'min', 0],
  [172_800_000, 3_600_000, 'h', 0],
  days,
] as const;

const huge = new Intl.NumberFormat(undefined, { notation: 'scientific', maximumFractionDigits: 3 });
const shorter = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 });

const timeFormats = { local: formatsOf(undefined), utc: formatsOf('UTC') };

function formatsOf(timeZone: string | undefined) {
  const hours = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone } as const;
  return {
    time: new Intl.DateTimeFormat(undefined, hours),
    day: new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeZone }),
    dayAndTime: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
  };
}

const formatters = new Map<number, Intl.NumberFormat>();

function formatter(digits: number): Intl.NumberFormat {
  let known = formatters.get(digits);
  if (known === undefined) {
    known = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'negative', // never -0.00
    });
    formatters.set(digits, known);
  }
  return known;
}

function entries(value: Record<string, unknown>): string {
  if (Array.isArray(value)) return value.slice(0, 20).map(scalar).join(', ');
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return given
    .slice(0, 12)
    .map(([name, inner]) => `${shorten(name, 40)} ${scalar(inner)}`)
    .join(' · ');
}

function scalar(value: unknown): string {
  if (isNumber(value)) return `${Math.abs(value) < hugest ? Math.round(value * 1e4) / 1e4 : value}`;
  if (typeof value === 'string') return shorten(value);
  if (isObject(value)) return Array.isArray(value) ? `[${value.length}]` : '{…}';
  return value === null || value === undefined ? none : String(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
