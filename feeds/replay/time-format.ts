import type { Micros } from '../../src/feed/index.ts';

/** How a time is written: ISO 8601, a day alone, or a number of seconds, milliseconds or microseconds since 1970. */
export const timeFormats = ['iso', 'date', 's', 'ms', 'us'] as const;
export type TimeFormat = (typeof timeFormats)[number];

/** Undefined when the value is no time of this format. Without a zone it is UTC, so that every machine reads the same. */
export function parseTime(value: unknown, format: TimeFormat): Micros | undefined {
  switch (format) {
    case 'iso':
      return typeof value === 'string' ? parseIso(value) : undefined;
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? dayMicros(value) : undefined;
    default:
      return scaled(value, microsIn[format]);
  }
}

const microsIn = { s: 1_000_000, ms: 1000, us: 1 } as const;

const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Date.parse knows milliseconds only, so the fraction is read apart. */
function parseIso(text: string): Micros | undefined {
  const [, day, minute, second = '00', fraction = '', zone = 'Z'] = isoTime.exec(text) ?? [];
  if (day === undefined || dayMicros(day) === undefined) return undefined;
  const offset =
    zone === 'Z' ? zone : zone.replace(/^(...):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
  const ms = Date.parse(`${day}T${minute}:${second}${offset}`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Date.parse takes 30 February for 1 March. */
function dayMicros(day: string): Micros | undefined {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day) ? ms * 1000 : undefined;
}

function scaled(value: unknown, factor: number): Micros | undefined {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN;
  const micros = Math.round(number * factor);
  return Number.isSafeInteger(micros) ? micros : undefined;
}
