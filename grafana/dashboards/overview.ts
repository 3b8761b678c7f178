import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Board } from './board.ts';
import { graph, number, stacked } from './panels.ts';
import { inFiveMinutes, medianAndP99, of, quantile, rate, sum, sumBy } from './query.ts';

export const overview: Board = {
  uid: 'tickwire-overview',
  title: 'Tickwire / Overview',
  description: 'Is it healthy, and if not: whom does it hurt? Start here; the other boards say why.',
  rows: [
    {
      title: 'Is it healthy?',
      across: 6,
      panels: [
        number({
          title: 'Ready',
          description:
            'Share of the servers that answer /readyz with 200. Below 100 %: one is down, draining, or a required feed of it is not up. See Feeds, then the log.',
          unit: units.PercentUnit,
          limits: { goodFrom: 1 },
          max: 1,
          queries: [{ expr: `(${sum(of('tickwire_ready'))} or vector(0)) / count(${of('up')})`, legend: 'ready' }],
        }),
        number({
          title: 'Firing alerts',
          description:
            'Alerts that fire now. Each links to its section of docs/runbook.md; the table of Prometheus (/alerts) lists them.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 3 },
          queries: [
            {
              expr: `sum(${of('ALERTS', 'alertname=~"Tickwire.+",alertstate="firing"')}) or vector(0)`,
              legend: 'firing',
            },
          ],
        }),
        number({
          title: 'Feeds not ok',
          description:
            'Feeds that are degraded or down: their topics go stale, all others are unharmed. See the board Feeds.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 2 },
          queries: [{ expr: sum(of('tickwire_feed_status', 'status=~"degraded|down"')), legend: 'not ok' }],
        }),
        number({
          title: 'Event loop p99',
          description:
            'How late the busiest server’s event loop is, one time in a hundred. Up to 20 ms is normal (10 ms is the resolution); above 100 ms everybody waits. See Capacity.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [{ expr: `max(${of('nodejs_eventloop_lag_p99_seconds')})`, legend: 'p99' }],
        }),
        number({
          title: 'Warnings and errors logged, 5 min',
          description: 'Lines of the log at warn and above. Errors deserve a look at once: the log says which part.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 10 },
          queries: [{ expr: inFiveMinutes('tickwire_log_lines_total'), legend: 'lines' }],
        }),
        number({
          title: 'Up since',
          description:
            'Age of the youngest process. A small number that you did not expect is a restart: see the log before it.',
          unit: units.DurationSeconds,
          decimals: 0,
          queries: [{ expr: `min(time() - ${of('process_start_time_seconds')})`, legend: 'up' }],
        }),
      ],
    },
    {
      title: 'Whom does it hurt?',
      across: 6,
      panels: [
        number({
          title: 'Connections',
          description:
            'Clients connected now. A sudden fall means that many were cut off at once: network, proxy or restart.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sum(of('tickwire_connections')), legend: 'connections' }],
        }),
        number({
          title: 'Laggards',
          description:
            'Share of the sessions that get only the newest because they do not keep up. A few are weak clients; many mean the network or this server. See Delivery.',
          unit: units.PercentUnit,
          limits: { warn: 0.02, bad: 0.1 },
          queries: [
            {
              expr: `sum(${of('tickwire_sessions', 'step!="full"')}) / clamp_min(sum(${of('tickwire_sessions')}), 1)`,
              legend: 'laggards',
            },
          ],
        }),
        number({
          title: 'Client latency p99',
          description:
            'From publication to arrival, as sampled clients report it; one in a hundred is later. High here and low beside: it is the network or the clients. See Clients.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: [{ expr: quantile(0.99, 'tickwire_client_latency_seconds'), legend: 'p99' }],
        }),
        number({
          title: 'Publish to socket p99',
          description:
            'From publication until all sockets are written, inside the server. High: it is the server. See Capacity.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [{ expr: quantile(0.99, 'tickwire_publish_to_socket_seconds'), legend: 'p99' }],
        }),
        number({
          title: 'Events missed, 5 min',
          description:
            'Events that a subscriber never gets, and was told so: its history did not reach back. Any is too many: lengthen history or find who was away so long.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 100 },
          queries: [{ expr: inFiveMinutes('tickwire_missed_total'), legend: 'missed' }],
        }),
        number({
          title: 'Refused, 5 min',
          description: 'Connections that were turned away at the door, draining aside. See Clients for the reasons.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 50 },
          queries: [
            { expr: inFiveMinutes('tickwire_connections_refused_total', 'reason!="draining"'), legend: 'refused' },
          ],
        }),
      ],
    },
    {
      title: 'Flow',
      across: 2,
      panels: [
        graph({
          title: 'Deliveries and publications',
          description:
            'Publications taken in, and publications handed to a subscriber’s transport. Publications at zero: the feeds. Deliveries at zero with publications: nobody listens.',
          unit: units.EventsPerSecond,
          queries: [
            { expr: sum(rate('tickwire_deliveries_total')), legend: 'deliveries' },
            { expr: sum(rate('tickwire_publications_total')), legend: 'publications' },
          ],
        }),
        graph({
          title: 'Latency',
          description:
            'Inside the server (publish to socket) and as clients see it. Both up: the server. Clients’ alone: the network or the clients.',
          unit: units.Seconds,
          limits: { warn: 0.1, bad: 1 },
          queries: [
            ...medianAndP99('tickwire_publish_to_socket_seconds').map(prefixed('server')),
            ...medianAndP99('tickwire_client_latency_seconds').map(prefixed('clients')),
          ],
        }),
        stacked({
          title: 'Connections by encoding',
          description:
            'Who is connected and how. A fall of one colour points to one kind of client; of all, to the network or a restart.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sumBy('encoding', of('tickwire_connections')), legend: '{{encoding}}' }],
        }),
        graph({
          title: 'Skipped publications by reason',
          description:
            'Never silent: each is announced to its subscriber. slow: a laggard; rate, paused, filtered: as asked; missed: lost for good. Only slow and missed are trouble.',
          unit: units.EventsPerSecond,
          queries: [
            { expr: sumBy('reason', rate('tickwire_conflated_total')), legend: '{{reason}}' },
            { expr: sum(rate('tickwire_filtered_total')), legend: 'filtered' },
            { expr: sum(rate('tickwire_missed_total')), legend: 'missed' },
          ],
        }),
      ],
    },
    {
      title: 'Where to look next',
      across: 3,
      panels: [
        graph({
          title: 'Feeds not ok',
          description:
            'One line a feed that is degraded (waits to start again) or down (gave up). An empty panel at 0 is good.',
          unit: units.Short,
          decimals: 0,
          max: 1,
          queries: [{ expr: sumBy('feed', of('tickwire_feed_status', 'status=~"degraded|down"')), legend: '{{feed}}' }],
        }),
        graph({
          title: 'Event loop p99',
          description:
            'Lateness of each server’s event loop. Above the line all subscribers of that server wait: see Capacity.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [{ expr: of('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
        }),
        graph({
          title: 'Firing alerts',
          description: 'What fires, over time. Each name is a section of docs/runbook.md.',
          unit: units.Short,
          decimals: 0,
          queries: [
            {
              expr: sumBy('alertname', of('ALERTS', 'alertname=~"Tickwire.+",alertstate="firing"')),
              legend: '{{alertname}}',
            },
          ],
        }),
      ],
    },
  ],
};

function prefixed(who: string) {
  return ({ expr, legend }: { expr: string; legend: string }) => ({ expr, legend: `${who} ${legend}` });
}
