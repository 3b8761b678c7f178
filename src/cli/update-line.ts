/** One update as a line that people can follow while it scrolls by. */

import { printable } from './printable.ts';

export type Update = {
  readonly topic: string;
  readonly seq: number;
  /** Microseconds since 1970. */
  readonly ts: number;
  readonly key?: string | undefined;
  readonly data?: unknown;
  readonly removed?: boolean;
  /** How many publications right before it were left out. */
  readonly conflated?: number | undefined;
};

/** As much of a schema as it takes to write numbers. */
export type Shape = {
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly scale?: number | undefined;
  }[];
};

const colours = { dim: '2', topic: '36', removed: '31' } as const;
const widestPadded = 40; // one long value must not push every later line off the screen

/** Columns grow to the widest seen so far, so lines of one topic stand under each other. */
export class UpdateLines {
  readonly #hasColour: boolean;
  readonly #now: () => number;
  readonly #widths = new Map<string, number>();

  constructor(hasColour: boolean, now: () => number = Date.now) {
    this.#hasColour = hasColour;
    this.#now = now;
  }

  /** The schema says how many digits a decimal has, so that 187.5 dollars read 187.50. `+12`: so many were left out before it. */
  line({ topic, ts, key, data, removed = false, conflated = 0 }: Update, schema?: Shape): string {
    const time = this.#paint('dim', this.#pad('time', showTime(ts / 1000, this.#now())));
    const name = this.#paint('topic', this.#pad('topic', printable(topic)));
    const row = key === undefined ? '' : `[${printable(key)}] `;
    const text = removed ? this.#paint('removed', 'removed') : this.#fields(data, schema);
    const before = conflated === 0 ? '' : this.#paint('dim', `+${conflated}`);
    return `${time}  ${name}  ${row}${text}  ${before}`.trimEnd();
  }

  #fields(data: unknown, schema?: Shape): string {
    if (!isObject(data)) return showValue(data, scaleOf('', schema));
    const cells = Object.entries(data).map(([name, value]) => {
      return this.#pad(`field ${name}`, `${printable(name)}=${showValue(value, scaleOf(name, schema))}`);
    });
    return cells.join(' ');
  }

  #pad(column: string, text: string): string {
    const width = Math.max(this.#widths.get(column) ?? 0, Math.min(text.length, widestPadded));
    this.#widths.set(column, width);
    return text.padEnd(width);
  }

  #paint(colour: keyof typeof colours, text: string): string {
    return this.#hasColour ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }
}

/** The time of day for what happened today, the date as well for anything older, as replays are. */
function showTime(ms: number, now: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return '-';
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  if (at.toDateString() === new Date(now).toDateString())
    return `${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${clock}`;
}

/** Text needs no quotes where it can't be taken for something else. */
function showValue(value: unknown, scale?: number): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'number' && scale !== undefined) return value.toFixed(scale);
  if (typeof value === 'string' && /^[^\s"=[\]{}]+$/.test(value)) return printable(value);
  return printable(JSON.stringify(value) ?? String(value));
}

function scaleOf(name: string, schema: Shape | undefined): number | undefined {
  return schema?.fields.find((field) => field.name === name && field.type === 'decimal')?.scale;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
