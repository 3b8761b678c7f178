/** Values as people read them. Whatever comes from the wire is unknown until looked at. */

/** A number with this many digits behind the point; a dash when there is none. */
export function fixed(value: unknown, digits: number): string {
  return isNumber(value) ? formatter(digits).format(value) : '–';
}

/** With its sign always shown. */
export function signed(value: unknown, digits: number): string {
  return isNumber(value) && value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

/** Bytes in the unit that leaves few digits. */
export function bytes(value: unknown): string {
  if (!isNumber(value)) return '–';
  const step = value < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(value) / 10));
  return `${fixed(value / 1024 ** step, step === 0 ? 0 : 1)} ${byteUnits[step]}`;
}

/** Time of day of integer microseconds; with its date when that is not today. */
export function clockTime(micros: number): string {
  const date = new Date(micros / 1000);
  if (Number.isNaN(date.getTime())) return '–';
  return date.toDateString() === new Date().toDateString() ? times.format(date) : dates.format(date);
}

/** Any value in one short line. */
export function summary(value: unknown): string {
  return shorten(isObject(value) ? entries(value) : scalar(value));
}

/** One field of an object; undefined where there is no such thing. */
export function field(data: unknown, name: string): unknown {
  return isObject(data) && Object.hasOwn(data, name) ? data[name] : undefined;
}

/** The number, or undefined. */
export function numberIn(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

const maxLength = 160; // two lines of a narrow panel
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const times = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

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
    .map(([name, inner]) => `${name} ${scalar(inner)}`)
    .join(' · ');
}

function scalar(value: unknown): string {
  if (isNumber(value)) return `${Math.abs(value) < 1e15 ? Math.round(value * 1e4) / 1e4 : value}`;
  if (typeof value === 'string') return shorten(value);
  if (isObject(value)) return Array.isArray(value) ? `[${value.length}]` : '{…}';
  return value === null || value === undefined ? '–' : String(value);
}

function shorten(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
