/** Tables and paragraphs of text, for a terminal of 80 columns. */

export const widthChars = 80;

/** Columns under their headings, two spaces between; the first one on the left, numbers on the right. */
export function grid(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = headings.length === 0 ? rows : [headings, ...rows];
  const columns = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const isNumeric = headings.length > 0;
  return lines.map((line) => `${aligned(line, widths, isNumeric)}\n`).join('');
}

function aligned(cells: readonly string[], widths: readonly number[], isNumeric: boolean): string {
  const padded = cells.map((cell, i) =>
    i === 0 || !isNumeric ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
  );
  return padded.join('  ').trimEnd();
}

/** Broken between words; a longer word stands by itself. `hang` begins every line but the first. */
export function wrapped(text: string, hang = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > widthChars) {
      lines.push(line);
      line = `${hang}${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => `${one}\n`).join('');
}
