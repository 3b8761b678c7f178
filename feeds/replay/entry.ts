/** One row as a file holds it, or why there is none. `at` is a line number, or what serves as one. */
export type Entry = { readonly at: number | string } & ({ readonly row: unknown } | { readonly fault: string });

/** A row that cannot be published, with the reason; whoever reads the file adds where. */
export class RowFault extends Error {
  override readonly name = 'RowFault';
}
