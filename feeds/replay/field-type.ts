import { z } from 'zod';
import { decimal, micros } from '../../src/feed/index.ts';
import { parseTime, type TimeFormat } from './time-format.ts';

/** What a column holds: `number`, `int`, `decimal:2`, `string`, `bool`, `time:ms` (`time` alone is ISO) or `any`. */
export const fieldTypePattern = /^(number|int|decimal:(?:\d|1[0-2])|string|bool|time(?::(?:iso|date|s|ms|us))?|any)$/;

export type FieldType = {
  /** How the field is announced. */
  readonly schema: z.ZodType;
  /** The value as the schema wants it; undefined when it cannot be read as this type. */
  convert(value: unknown): unknown;
};

/** The type that a text matching fieldTypePattern names. */
export function fieldType(text: string): FieldType {
  const [name, detail] = text.split(':');
  switch (name) {
    case 'number':
      return { schema: z.number(), convert: toNumber };
    case 'int':
      return { schema: z.int(), convert: toInteger };
    case 'decimal':
      return { schema: decimal(Number(detail)), convert: toNumber };
    case 'string':
      return { schema: z.string(), convert: toText };
    case 'bool':
      return { schema: z.boolean(), convert: (value) => truths.get(value) };
    case 'time':
      return { schema: micros(), convert: (value) => parseTime(value, (detail ?? 'iso') as TimeFormat) };
    case 'any':
      return { schema: z.unknown(), convert: (value) => value };
    default:
      throw new TypeError(`unknown field type ${JSON.stringify(text)}`);
  }
}

const truths = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['0', false],
  [0, false],
]);

function toNumber(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function toInteger(value: unknown): number | undefined {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
