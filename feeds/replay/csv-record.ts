/** What a piece of CSV text turned out to be; `open`: a quoted field goes on, so the next line belongs to it. */
export type CsvRecord = { readonly cells: string[] } | { readonly fault: string } | 'open';

/** Splits one record by RFC 4180: a field in double quotes may hold delimiters, line breaks and doubled quotes. */
export function parseCsvRecord(text: string, delimiter: string): CsvRecord {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    if (cell === undefined) return 'open';
    if ('fault' in cell) return { fault: `column ${cells.length + 1} ${cell.fault}` };
    cells.push(cell.value);
    if (cell.end >= text.length) return { cells };
    if (text[cell.end] !== delimiter) return { fault: `column ${cells.length} goes on after its closing quote` };
    at = cell.end + 1;
  }
}

type Cell = { value: string; end: number } | { fault: string };

function plainCell(text: string, start: number, delimiter: string): Cell {
  const found = text.indexOf(delimiter, start);
  const end = found < 0 ? text.length : found;
  const value = text.slice(start, end);
  return value.includes('"') ? { fault: 'has a quote inside, but does not start with one' } : { value, end };
}

function quotedCell(text: string, start: number): Cell | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return { value: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}
