/** Text that keeps within its columns, whatever is in it. */

import { printable } from '../printable.ts';

/** Each character takes one column: what may take two, or none, is shown as a question mark. */
export function narrow(text: string): string {
  return printable(text).replace(/[^\u0020-\u024f…↓–]/gu, '?');
}

/** Not longer than `width`; what is cut ends in an ellipsis. */
export function fitted(text: string, width: number): string {
  const plain = narrow(text);
  if (plain.length <= width) return plain;
  return width <= 1 ? plain.slice(0, Math.max(0, width)) : `${plain.slice(0, width - 1)}…`;
}

const gap = '  ';

/** A table of `columns` at most: the `flexible` column gives way, numbers stand on the right. */
export function fittedTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  { right, flexible }: { readonly right: readonly number[]; readonly flexible: number },
): string[] {
  const lines = [headings, ...rows].map((line) => line.map(narrow));
  const widths = headings.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const all = widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);
  const least = headings[flexible]?.length ?? 0;
  widths[flexible] = Math.max(least, (widths[flexible] ?? 0) - Math.max(0, all - columns));
  return lines.map((line) => {
    const cells = line.map((cell, i) => {
      const width = widths[i] ?? 0;
      const text = fitted(cell, width);
      return right.includes(i) ? text.padStart(width) : text.padEnd(width);
    });
    return fitted(cells.join(gap).trimEnd(), columns);
  });
}
