/** The few statistics that the benchmarks quote. */

export type Spread = { min: number; median: number; max: number };

/** Throws RangeError for an empty list. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const median = sorted[sorted.length >> 1];
  const max = sorted[sorted.length - 1];
  if (min === undefined || median === undefined || max === undefined) throw new RangeError('no values to spread');
  return { min, median, max };
}

export function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}

export function formatSpread({ min, median, max }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
