/** PromQL in the words of the boards: every selector follows the variables, every rate the width of the screen. */

export type Query = { expr: string; legend: string };

/** A series of the servers chosen above the board. `labels` are matchers of its own: `encoding="sse"`. */
export function of(metric: string, labels = ''): string {
  return `${metric}{job=~"$job",instance=~"$instance"${labels === '' ? '' : `,${labels}`}}`;
}

/** What a counter gains a second. */
export function rate(metric: string, labels = ''): string {
  return `rate(${of(metric, labels)}[$__rate_interval])`;
}

export function sum(expr: string): string {
  return `sum(${expr})`;
}

export function sumBy(label: string, expr: string): string {
  return `sum by (${label}) (${expr})`;
}

/** What a counter gained in the last five minutes, whatever the board's time range. */
export function inFiveMinutes(metric: string, labels = ''): string {
  return `sum(increase(${of(metric, labels)}[5m]))`;
}

/** A quantile of a histogram, over all chosen servers or by a label. */
export function quantile(q: number, histogram: string, by = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${labels}) (${rate(`${histogram}_bucket`)}))`;
}

/** Median and 99th percentile: what is usual, and what one in a hundred gets. */
export function medianAndP99(histogram: string): Query[] {
  return [
    { expr: quantile(0.5, histogram), legend: 'p50' },
    { expr: quantile(0.99, histogram), legend: 'p99' },
  ];
}
