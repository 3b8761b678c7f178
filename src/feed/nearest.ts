/** Ends a sentence about an unknown word: `; did you mean "host"?`, or nothing when no guess is any good. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === undefined ? '' : `; did you mean "${guess}"?`;
}

/** The word of `known` that takes the fewest single-letter edits to reach, for "did you mean"; none when all are far. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(word, candidate) }));
  const [best] = ranked.sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= farthest(word) ? best.candidate : undefined;
}

/** Half of the word may be wrong; past that a guess only puzzles. */
function farthest(word: string): number {
  return Math.max(1, Math.floor(word.length / 2));
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
