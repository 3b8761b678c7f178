import { type CsvRecord, parseCsvRecord } from './csv-record.ts';
import type { Entry } from './entry.ts';
import { type Line, maxLineBytes } from './read-lines.ts';

const maxRecordLines = 100; // a quote that stays open for longer was left open by mistake

/**
 * Rows as objects, named by the first line. A quote left open spoils the line it is in and no other: the lines it
 * swallowed are read again.
 */
export async function* readCsv(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<Entry> {
  let header: string[] | undefined;
  for await (const record of readRecords(lines, delimiter)) {
    if ('fault' in record) yield record;
    else if (header === undefined) header = record.cells;
    else yield { at: record.at, ...named(header, record.cells) };
  }
}

type Placed = { readonly at: number } & Exclude<CsvRecord, 'open'>;

async function* readRecords(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<Placed> {
  const again: Line[] = [];
  let open: Extract<Line, { text: string }>[] = [];
  /** Gives up the record that is open; all of its lines but the first get another chance. */
  const giveUp = (): Placed[] => {
    const [first, ...rest] = open;
    open = [];
    again.unshift(...rest);
    return first === undefined ? [] : [{ at: first.number, fault: 'a quote is opened and not closed' }];
  };
  for await (const line of withAgain(lines, again, () => open.length > 0)) {
    if (line === 'end') {
      yield* giveUp();
    } else if ('fault' in line) {
      yield* giveUp();
      yield { at: line.number, fault: line.fault };
    } else if (line.text !== '' || open.length > 0) {
      open.push(line);
      const [first = line] = open;
      const text = open.map((part) => part.text).join('\n');
      const record = parseCsvRecord(text, delimiter);
      if (record !== 'open') {
        open = [];
        yield { at: first.number, ...record };
      } else if (open.length >= maxRecordLines || text.length > maxLineBytes) {
        yield* giveUp();
      }
    }
  }
}

/** The lines, those put back first; `end` is said for as long as something is still open then. */
async function* withAgain(
  lines: AsyncIterable<Line>,
  again: Line[],
  isOpen: () => boolean,
): AsyncGenerator<Line | 'end'> {
  const putBack = function* () {
    for (let line = again.shift(); line !== undefined; line = again.shift()) yield line;
  };
  for await (const line of lines) {
    yield line;
    yield* putBack();
  }
  while (isOpen()) {
    yield 'end';
    yield* putBack();
  }
}

function named(header: readonly string[], cells: readonly string[]): { row: unknown } | { fault: string } {
  if (cells.length !== header.length) return { fault: `has ${cells.length} columns, the header has ${header.length}` };
  return { row: Object.fromEntries(header.map((name, i) => [name, cells[i]])) };
}
