/** What a feed asked for by what it threw. */

export type Verdict =
  | { readonly name: 'fatal' }
  | { readonly name: 'retry'; readonly afterMs: number | undefined }
  | Other;
type Other = { readonly name: 'other' };

/** Goes by the error's name, so that FeedError of another copy of this package counts as well. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof Error)) return { name: 'other' };
  if (error.name === 'FeedError.Fatal') return { name: 'fatal' };
  if (error.name !== 'FeedError.Retry') return { name: 'other' };
  const afterMs = 'afterMs' in error ? error.afterMs : undefined;
  return { name: 'retry', afterMs: isDelay(afterMs) ? afterMs : undefined };
}

/** One line for people, whatever was thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  try {
    return String(error);
  } catch {
    return 'something that can not be shown'; // an object without toString: there is nothing more to say about it
  }
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
