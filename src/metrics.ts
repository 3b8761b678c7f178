/** Every Prometheus metric, read from plain counters at scrape. The only file that knows prom-client. */

import { collectDefaultMetrics, Gauge, type Metric as PromMetric, Registry } from 'prom-client';
import { connectionMetrics } from './metrics/connections.ts';
import { feedMetrics } from './metrics/feeds.ts';
import { flowMetrics } from './metrics/flow.ts';
import { httpMetrics } from './metrics/http.ts';
import { latencyMetrics } from './metrics/latency.ts';
import type { Labels, MeasuredHouse, Metric } from './metrics/metric.ts';
import { openFiles } from './metrics/open-files.ts';
import { processMetrics } from './metrics/process.ts';
import { ReadingBudget } from './metrics/reading-budget.ts';
import type { BucketCounts, Exposition } from './server/index.ts';

export type { MeasuredHouse } from './metrics/metric.ts';

/** To add one: write it into the list of its file. Its labels must come from a set that no client can add to. */
export const metrics: readonly Metric[] = [
  ...processMetrics,
  ...connectionMetrics,
  ...flowMetrics,
  ...latencyMetrics,
  ...feedMetrics,
  ...httpMetrics,
];

/**
 * What `/metrics` answers. `house` is asked for at each reading, and may be undefined while it is being put together.
 * Under a flood of requests the last reading is answered again, until there is time for another.
 */
export function createExposition(house: () => MeasuredHouse | undefined): Exposition {
  const plain = new Registry();
  const open = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  let measured: MeasuredHouse | undefined;
  for (const metric of metrics)
    register(
      plain,
      asRead(metric, () => measured),
    );
  const took = new Gauge({
    name: 'tickwire_scrape_seconds',
    help: 'Time that the last reading of the metrics held up everything else.',
    registers: [plain],
  });
  collectDefaultMetrics({ register: plain });
  for (const name of unwanted) plain.removeSingleMetric(name);
  registerOpenFiles(plain);
  for (const metric of plain.getMetricsAsArray()) register(open, openMetric(metric));
  const budget = new ReadingBudget(performance.now());
  const last = new Map<object, string>();
  const read = async (registry: Pick<Registry, 'metrics'>): Promise<string> => {
    const startedAt = performance.now();
    measured = house();
    const text = await registry.metrics();
    const tookMs = performance.now() - startedAt;
    took.set(tookMs / 1000);
    budget.spend(tookMs);
    last.set(registry, text);
    return text;
  };
  return async (accept) => {
    const registry = accept.includes('application/openmetrics-text') ? open : plain;
    const known = last.get(registry);
    const isFresh = known === undefined || budget.allows(performance.now());
    return { contentType: registry.contentType, text: isFresh ? await read(registry) : known };
  };
}

/** In place of prom-client's own, under the name that all programs have for it. */
function registerOpenFiles(registry: Registry): void {
  new Gauge({
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    registers: [registry],
    collect() {
      const count = openFiles();
      if (count !== undefined) this.set(count);
    },
  });
}

/** What Node holds for itself, under names that Prometheus does not want for a gauge; and a count that takes too long. */
const unwanted = [
  'process_open_fds',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
];

type Value = { value: number; labels: Labels; metricName?: string };
type ReadMetric = { name: string; help: string; type: string; get(): Promise<{ values: Value[] }> };

function register(registry: Pick<Registry, 'registerMetric'>, metric: ReadMetric): void {
  registry.registerMetric(metric as unknown as PromMetric); // a registry asks no more of a metric than these members
}

function asRead(metric: Metric, house: () => MeasuredHouse | undefined): ReadMetric {
  const { name, help, type } = metric;
  const get = async () => {
    const measured = house();
    return { name, help, type, aggregator: 'sum', values: measured === undefined ? [] : valuesOf(metric, measured) };
  };
  return { name, help, type, get };
}

function valuesOf(metric: Metric, house: MeasuredHouse): Value[] {
  if (metric.type === 'histogram') {
    return [...metric.read(house)].flatMap(([labels, buckets]) => bucketValues(metric.name, labels, buckets));
  }
  const read = metric.read(house);
  if (typeof read === 'number') return [{ value: read, labels: {} }];
  return [...read].map(([labels, value]) => ({ value, labels }));
}

/** Cumulative, as the format wants it. */
function bucketValues(name: string, labels: Labels, { bounds, counts, sum }: BucketCounts): Value[] {
  let total = 0;
  const buckets = counts.map((count, i) => {
    total += count;
    return { value: total, labels: { ...labels, le: String(bounds[i] ?? '+Inf') }, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { value: sum, labels, metricName: `${name}_sum` },
    { value: total, labels, metricName: `${name}_count` },
  ];
}

/** The registry adds the ending of counters itself in this format, to the name that a reading bears. */
function openMetric(metric: unknown): ReadMetric {
  const { name, help, type, get } = metric as ReadMetric; // prom-client's types leave out what its metrics are made of
  const stem = type === 'counter' ? name.replace(/_total$/, '') : name;
  return { name, help, type, get: async () => ({ ...(await get.call(metric)), name: stem }) };
}
