import { CsvRecords } from './csv-records.ts';
import type { Entry } from './entry.ts';
import type { Line } from './read-lines.ts';

/** Rows as objects, named by the first record. */
export async function* readCsv(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<Entry> {
  const records = new CsvRecords(delimiter);
  let header: readonly string[] | undefined;
  const toEntry = (record: ReturnType<CsvRecords['end']>[number]): Entry | undefined => {
    if ('fault' in record) return record;
    if (header !== undefined) return { at: record.at, ...named(header, record.cells) };
    header = record.cells;
    return undefined;
  };
  for await (const line of lines) {
    for (const record of records.push(line)) {
      const entry = toEntry(record);
      if (entry !== undefined) yield entry;
    }
  }
  for (const record of records.end()) {
    const entry = toEntry(record);
    if (entry !== undefined) yield entry;
  }
}

function named(header: readonly string[], cells: readonly string[]): { row: unknown } | { fault: string } {
  if (cells.length !== header.length) return { fault: `has ${cells.length} columns, the header has ${header.length}` };
  return { row: Object.fromEntries(header.map((name, i) => [name, cells[i]])) };
}
