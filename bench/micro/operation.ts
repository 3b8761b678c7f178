/** What a micro-benchmark measures: small pieces of work, by themselves and against each other. */

export type Operation = {
  readonly name: string;
  /** Does the work once. What it returns is kept, so that no compiler drops the work. */
  readonly run: () => unknown;
  /** How many operations one run comes to; 1 when absent. */
  readonly perRun?: number;
};

/** What `dividend` costs against `divisor`, each by the operation. */
export type Comparison = {
  readonly name: string;
  readonly dividend: Operation;
  readonly divisor: Operation;
  /** What the ratio must stay under. */
  readonly below?: number;
};

export type Bench = {
  readonly operations: readonly Operation[];
  readonly comparisons?: readonly Comparison[];
  /** What needs no clock, a sentence each. */
  readonly facts?: readonly string[];
};

export type Part = {
  /** One word, by which it is chosen. */
  readonly name: string;
  /** Puts it together; of anything that is counted there are `largest` at most. */
  make(largest: number): Bench;
};
