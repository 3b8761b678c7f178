/** What a page of metrics exports, metric by metric. */

import { seriesOf, typesIn } from './exposition.ts';

/** `labels`: each with the values that it had. */
export type ExportedMetric = { type: string; labels: ReadonlyMap<string, ReadonlySet<string>> };

export function exportedMetrics(text: string): ReadonlyMap<string, ExportedMetric> {
  const types = typesIn(text);
  const found = new Map(Array.from(types, ([name, type]) => [name, { type, labels: new Map<string, Set<string>>() }]));
  for (const series of seriesOf(text).keys()) {
    const [name = ''] = series.split('{');
    const labels = found.get(metricOf(name, types))?.labels;
    for (const [, label = '', value = ''] of series.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label !== 'le') labels?.set(label, (labels.get(label) ?? new Set()).add(value));
    }
  }
  return found;
}

/** `x_bucket`, `x_sum` and `x_count` are series of the histogram `x`. */
export function metricOf(series: string, metrics: { has(name: string): boolean }): string {
  return metrics.has(series) ? series : series.replace(/_(bucket|sum|count)$/, '');
}
