import type { Entry } from './entry.ts';
import type { Line } from './read-lines.ts';

/** One JSON value a line; blank lines are none. */
export async function* readNdjson(lines: AsyncIterable<Line>): AsyncGenerator<Entry> {
  for await (const line of lines) {
    if ('fault' in line) yield { at: line.number, fault: line.fault };
    else if (line.text.trim() !== '') yield { at: line.number, ...parsed(line.text) };
  }
}

function parsed(text: string): { row: unknown } | { fault: string } {
  try {
    return { row: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
