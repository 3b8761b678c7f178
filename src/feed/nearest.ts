/** The word of `known` that takes the fewest single-letter edits to reach, for "did you mean". */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(word, candidate) }));
  return ranked.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein's, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const above = row;
    row = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const swap = (above[j] ?? 0) + (letter === to[j] ? 0 : 1);
      row.push(Math.min(swap, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
