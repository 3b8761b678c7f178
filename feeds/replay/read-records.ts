import type { ReplayFile } from './config.ts';
import { sortOf } from './config.ts';
import { type Entry, RowFault } from './entry.ts';
import { inOrder } from './in-order.ts';
import { mappedRecords } from './mapped-record.ts';
import { nativeRecord } from './native-record.ts';
import { readBytes } from './read-bytes.ts';
import { readCsv } from './read-csv.ts';
import { maxWholeBytes, readGeojson } from './read-geojson.ts';
import { readLines } from './read-lines.ts';
import { readNdjson } from './read-ndjson.ts';
import type { Recorded } from './recorded.ts';

/** A file's publications, from its start, in the order asked for. What cannot be read goes to `onBadLine` as path:line: reason. */
export function readRecords(file: ReplayFile, onBadLine: (reason: string) => void): AsyncIterable<Recorded> {
  const sort = sortOf(file);
  const isWhole = sort === 'whole' || file.format === 'geojson';
  const entries = readEntries(file, readBytes(file.path, isWhole ? maxWholeBytes : undefined));
  const complain = (at: Entry['at'], reason: string) => onBadLine(`${file.path}:${at}: ${reason}`);
  return inOrder(placed(file, entries, complain), sort, ({ at }, before) =>
    complain(at, `goes back in time, it is earlier than ${before.at}`),
  );
}

function readEntries({ path, format, delimiter }: ReplayFile, bytes: AsyncIterable<Buffer>): AsyncIterable<Entry> {
  switch (format) {
    case 'ndjson':
      return readNdjson(readLines(bytes));
    case 'csv':
      return readCsv(readLines(bytes), delimiter);
    case 'geojson':
      return readGeojson(path, bytes);
  }
}

type Placed = Recorded & Pick<Entry, 'at'>;

async function* placed(
  file: ReplayFile,
  entries: AsyncIterable<Entry>,
  complain: (at: Entry['at'], reason: string) => void,
): AsyncGenerator<Placed> {
  const toRecord = file.topic === undefined ? nativeRecord : mappedRecords(file);
  for await (const entry of entries) {
    if ('fault' in entry) {
      complain(entry.at, entry.fault);
      continue;
    }
    const record = attempt(
      () => toRecord(entry.row),
      (reason) => complain(entry.at, reason),
    );
    if (record !== undefined) yield { ...record, topic: prefixed(file.prefix, record.topic), at: entry.at };
  }
}

function attempt<T>(read: () => T, onFault: (reason: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    onFault(error.message);
    return undefined;
  }
}

function prefixed(prefix: string | undefined, topic: string): string {
  return prefix === undefined ? topic : `${prefix}.${topic}`;
}
