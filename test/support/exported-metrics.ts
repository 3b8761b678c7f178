/** The metrics that /metrics exports, by name, with their labels; asked of a server that has answered something. */

import { seriesOf, typesIn } from './exposition.ts';

export type ExportedMetric = { type: string; labels: readonly string[] };

export function exportedMetrics(text: string): ReadonlyMap<string, ExportedMetric> {
  const types = typesIn(text);
  const labels = new Map<string, Set<string>>(Array.from(types.keys(), (name) => [name, new Set()]));
  for (const series of seriesOf(text).keys()) {
    const [name = '', inside = ''] = series.split(/[{}]/);
    const known = labels.get(metricOf(name, types));
    for (const [, label = ''] of inside.matchAll(/([a-z_]+)="/g)) if (label !== 'le') known?.add(label);
  }
  return new Map(Array.from(types, ([name, type]) => [name, { type, labels: [...(labels.get(name) ?? [])].sort() }]));
}

/** `x_bucket`, `x_sum` and `x_count` are series of the histogram `x`. */
export function metricOf(series: string, metrics: { has(name: string): boolean }): string {
  const base = series.replace(/_(bucket|sum|count)$/, '');
  return metrics.has(series) ? series : base;
}
