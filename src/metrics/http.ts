import type { Labels, MeasuredHouse, Metric } from './metric.ts';

/** What is asked over HTTP. */
export const httpMetrics: readonly Metric[] = [
  {
    name: 'tickwire_http_requests_total',
    help: 'Answers by route and status code; none is every path that there is not.',
    type: 'counter',
    read: answers,
  },
];

function* answers({ counts }: MeasuredHouse): Iterable<readonly [Labels, number]> {
  for (const { route, code, count } of counts.answers()) yield [{ route, code }, count];
}
