/** How much time a run of the micro-benchmarks takes. */

export type Effort = {
  /** For timing each operation. */
  readonly timeMs: number;
  /** For measuring what it allocates. */
  readonly batches: number;
  readonly mostRuns: number;
  /** For comparing two: as often each, in turn. */
  readonly rounds: number;
  readonly roundMs: number;
  /** Of topics, patterns and the like, so many at most. */
  readonly largest: number;
};

export const efforts = {
  full: { timeMs: 300, batches: 7, mostRuns: 200_000, rounds: 15, roundMs: 40, largest: 100_000 },
  quick: { timeMs: 60, batches: 3, mostRuns: 20_000, rounds: 5, roundMs: 10, largest: 1000 },
  least: { timeMs: 1, batches: 1, mostRuns: 16, rounds: 2, roundMs: 1, largest: 20 }, // shows that everything runs, no more
} as const satisfies Record<string, Effort>;

export type EffortName = keyof typeof efforts;

export function isEffortName(text: string): text is EffortName {
  return Object.hasOwn(efforts, text);
}
