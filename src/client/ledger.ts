/** What became of the publications of a topic, as its subscriber has seen it. */

/**
 * In publications, since the first snapshot: `published = delivered + conflated + filtered + missed`, exactly. What a
 * later snapshot stands for counts as conflated.
 */
export type Ledger = {
  /** How far the topics went on, whatever became of it. */
  readonly published: number;
  /** Came as values, changes or removals. */
  readonly delivered: number;
  /** Gave way to newer ones. */
  readonly conflated: number;
  /** Did not match the subscription's filter. */
  readonly filtered: number;
  /** Lost, and each told of as a `gap` where the topic is one of events. */
  readonly missed: number;
};

export const emptyLedger: Ledger = { published: 0, delivered: 0, conflated: 0, filtered: 0, missed: 0 };

export function sumOf(ledgers: Iterable<Ledger>): Ledger {
  let sum = emptyLedger;
  for (const { published, delivered, conflated, filtered, missed } of ledgers) {
    sum = {
      published: sum.published + published,
      delivered: sum.delivered + delivered,
      conflated: sum.conflated + conflated,
      filtered: sum.filtered + filtered,
      missed: sum.missed + missed,
    };
  }
  return sum;
}
