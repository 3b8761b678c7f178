import { type CsvRecord, parseCsvRecord } from './csv-record.ts';
import { type Line, maxLineBytes } from './read-lines.ts';

const maxRecordLines = 100; // a quote that stays open for longer was left open by mistake

/** A record with the number of its first line. */
export type PlacedRecord = { readonly at: number } & Exclude<CsvRecord, 'open'>;

/**
 * Puts lines together to records, of which one may span several lines. A quote left open spoils the line it is in and
 * no other: the lines it swallowed are looked at again. Holds no more than one record.
 */
export class CsvRecords {
  readonly #delimiter: string;
  #open: TextLine[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that this line completes; usually one. */
  push(line: Line): PlacedRecord[] {
    return this.#digest([line]);
  }

  /** What is left when there are no more lines. */
  end(): PlacedRecord[] {
    const records: PlacedRecord[] = [];
    while (this.#open.length > 0) {
      const { fault, rest } = this.#giveUp();
      records.push(...fault, ...this.#digest(rest));
    }
    return records;
  }

  #digest(lines: readonly Line[]): PlacedRecord[] {
    const records: PlacedRecord[] = [];
    const todo = [...lines];
    for (let line = todo.shift(); line !== undefined; line = todo.shift()) {
      const outcome = 'fault' in line ? this.#addUnreadable(line) : this.#add(line);
      if (outcome === 'open') continue;
      if (outcome !== 'hopeless') {
        records.push(outcome);
        continue;
      }
      const { fault, rest } = this.#giveUp();
      records.push(...fault);
      todo.unshift(...rest, ...('fault' in line ? [line] : []));
    }
    return records;
  }

  #add(line: TextLine): PlacedRecord | 'open' | 'hopeless' {
    if (line.text === '' && this.#open.length === 0) return 'open';
    this.#open.push(line);
    const [first = line] = this.#open;
    const text = this.#open.length === 1 ? line.text : this.#open.map((part) => part.text).join('\n');
    const record = parseCsvRecord(text, this.#delimiter);
    if (record === 'open') {
      return this.#open.length >= maxRecordLines || text.length > maxLineBytes ? 'hopeless' : 'open';
    }
    this.#open = [];
    return { at: first.number, ...record };
  }

  #addUnreadable({ number, fault }: UnreadableLine): PlacedRecord | 'hopeless' {
    return this.#open.length > 0 ? 'hopeless' : { at: number, fault };
  }

  /** The line that opened the record is at fault; the rest get another chance. */
  #giveUp(): { fault: PlacedRecord[]; rest: TextLine[] } {
    const [first, ...rest] = this.#open;
    this.#open = [];
    return {
      fault: first === undefined ? [] : [{ at: first.number, fault: 'a quote is opened and not closed' }],
      rest,
    };
  }
}

type TextLine = Extract<Line, { text: string }>;
type UnreadableLine = Extract<Line, { fault: string }>;
