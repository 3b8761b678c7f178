/** Every number that a report shows, as people read it. */

export const unknown = '–';

/** 1234567.8 → 1,234,568 */
export function showCount(count: number): string {
  return digits(count, 0);
}

/** In milliseconds, from 10,000 of them on in seconds. */
export function showMs(ms: number): string {
  return ms >= 10_000 ? showSeconds(ms / 1000) : `${significant(ms)} ms`;
}

export function showSeconds(seconds: number): string {
  return `${Number.isInteger(seconds) ? showCount(seconds) : significant(seconds)} s`;
}

/** 0.314 → 31 % */
export function showShare(share: number): string {
  return showUnit(share * 100, '%');
}

/** In the unit that leaves the fewest digits. */
export function showBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? digits(value, 0) : significant(value)} ${byteUnits[power] ?? ''}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A value of a figure or a measure; `unit` as figures have it. */
export function showUnit(value: number, unit: string): string {
  switch (unit) {
    case 'us':
      return `${significant(value)} µs`;
    case 'ms':
      return showMs(value);
    case 's':
      return showSeconds(value);
    case 'bytes':
      return showBytes(value);
    case '1/s':
      return `${Math.abs(value) < 100 && !Number.isInteger(value) ? significant(value) : showCount(value)}/s`;
    case '%':
      return `${digits(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0)} %`;
    case 'times':
      return showTimes(value);
    default:
      return `${Number.isInteger(value) ? showCount(value) : significant(value)}${unit === '' ? '' : ` ${unit}`}`;
  }
}

/** 1.0432 → 1.04× */
export function showTimes(ratio: number): string {
  return `${digits(ratio, ratio < 100 ? 2 : 0)}×`;
}

/** `1 connection`, `20 connections`, `1 process`, `2 processes` */
export function showNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${showCount(count)} ${count === 1 ? singular : plural}`;
}

/** Three digits that matter; all of those before the point. */
function significant(value: number): string {
  const size = Math.abs(value);
  return digits(value, size < 10 ? 2 : size < 100 ? 1 : 0);
}

function digits(value: number, fraction: number): string {
  const [whole = '', rest] = value.toFixed(fraction).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}
