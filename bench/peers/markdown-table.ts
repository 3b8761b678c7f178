/** Tables in Markdown. */

import { formatSpread, type Spread } from '../support/statistics.ts';

/** Rows of equally many cells; the first row is the head, the first column is text, the others are figures. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const none = '–';

export type Column = {
  readonly head: string;
  /** Of one row; undefined where it has none. */
  readonly of: (row: string) => Spread | undefined;
  readonly digits?: number;
  /** Which median of the column is set in bold; none by default. */
  readonly best?: 'highest' | 'lowest';
  /** Which others are. */
  readonly isBold?: (median: number) => boolean;
};

/** One row for each name that has any figure, with the spread of each column; a dash where there is none. */
export function spreadTable(
  corner: string,
  rows: readonly { readonly id: string; readonly title: string }[],
  columns: readonly Column[],
): string {
  const filled = columns.map((column) =>
    cellsOf(
      column,
      rows.map(({ id }) => column.of(id)),
    ),
  );
  const body = rows.map(({ title }, row) => [title, ...filled.map((cells) => cells[row] ?? none)]);
  const known = body.filter(([, ...cells]) => cells.some((cell) => cell !== none));
  return markdownTable([[corner, ...columns.map(({ head }) => head)], ...known]);
}

function cellsOf({ digits = 2, best, isBold }: Column, spreads: readonly (Spread | undefined)[]): string[] {
  const medians = spreads.flatMap((spread) => spread?.median ?? []).filter((median) => !Number.isNaN(median));
  const winner = best === 'highest' ? Math.max(...medians) : best === 'lowest' ? Math.min(...medians) : undefined;
  return spreads.map((spread) => {
    if (spread === undefined || Number.isNaN(spread.median)) return none;
    const text = formatSpread(spread, digits);
    return spread.median === winner || isBold?.(spread.median) === true ? `**${text}**` : text;
  });
}
