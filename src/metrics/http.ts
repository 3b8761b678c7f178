import { type Labels, type MeasuredHouse, type Metric, perKey } from './metric.ts';

/** What is asked over HTTP. */
export const httpMetrics: readonly Metric[] = [
  {
    name: 'tickwire_http_requests_total',
    help: 'Answers by route and status code; none is every path that there is not.',
    type: 'counter',
    read: answers,
  },
  {
    name: 'tickwire_admin_requests_total',
    help: 'Requests that are not for everybody: ok, without a token, with a wrong one, too often, or off where none is set.',
    type: 'counter',
    read: ({ counts }) => perKey('outcome', counts.admin),
  },
];

function* answers({ counts }: MeasuredHouse): Iterable<readonly [Labels, number]> {
  for (const { route, code, count } of counts.answers()) yield [{ route, code }, count];
}
