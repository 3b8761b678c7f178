import { slug } from '../../src/feed/index.ts';
import type { FieldConfig, ReplayFile } from './config.ts';
import { RowFault } from './entry.ts';
import { fieldType } from './field-type.ts';
import { type Recorded, topicFault } from './recorded.ts';
import { parseTime } from './time-format.ts';

/** Reads rows by the file's own mapping. The reader throws RowFault naming the field and what it holds. */
export function mappedRecords({ topic, time, fields, key }: ReplayFile): (row: unknown) => Recorded {
  const dataOf = fields === undefined ? (row: unknown) => row : fieldReader(fields);
  const topicOf = topicReader(topic ?? '');
  const timeOf = timeReader(time);
  return (row) => {
    const data = dataOf(row);
    const find = (name: string) => valueAt(data, name) ?? valueAt(row, name);
    const record = { topic: topicOf(find), ts: timeOf(row), data };
    return key === undefined ? record : { ...record, key: text(find(key), key) };
  };
}

type Find = (name: string) => unknown;

function topicReader(topic: string | { field: string }): (find: Find) => string {
  if (typeof topic === 'string') {
    if (!topic.includes('{')) return () => topic;
    return (find) => topic.replace(/\{(\w+)\}/g, (_, name: string) => slug(text(find(name), name)));
  }
  return (find) => {
    const name = text(find(topic.field), topic.field);
    const fault = topicFault(name);
    if (fault !== undefined) throw new RowFault(`${topic.field}: ${fault}, got ${show(name)}`);
    return name;
  };
}

function timeReader(time: ReplayFile['time']): (row: unknown) => number {
  const { field, format } = time ?? { field: 'ts', format: 'us' };
  return (row) => {
    const value = valueAt(row, field);
    const ts = parseTime(value, format);
    if (ts === undefined) throw new RowFault(`${field}: is no time of format ${format}, got ${show(value)}`);
    return ts;
  };
}

function fieldReader(fields: Readonly<Record<string, FieldConfig>>): (row: unknown) => Record<string, unknown> {
  const readers = Object.entries(fields).map(([name, field]) => [name, oneReader(name, field)] as const);
  return (row) => Object.fromEntries(readers.map(([name, read]) => [name, read(row)]));
}

/** What is not there, and an empty cell of any type but text, is null. */
function oneReader(name: string, field: FieldConfig): (row: unknown) => unknown {
  const { from = name, type } = typeof field === 'string' ? { type: field } : field;
  const { convert } = fieldType(type);
  return (row) => {
    const value = valueAt(row, from);
    if (value === undefined || value === null || (value === '' && type !== 'string')) return null;
    const converted = convert(value);
    if (converted === undefined) throw new RowFault(`${from}: must be ${type}, got ${show(value)}`);
    return converted;
  };
}

/** A key of this very name wins over a path of that spelling. */
function valueAt(row: unknown, path: string): unknown {
  if (has(row, path)) return row[path];
  let value = row;
  for (const step of path.split('.')) {
    if (!has(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function has(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw new RowFault(`${name}: must be a text to name the topic or row by, got ${show(value)}`);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
