import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Board } from './board.ts';
import { graph, number, spread, stacked } from './panels.ts';
import { inFiveMinutes, medianAndP99, of, quantile, rate, sum, sumBy } from './query.ts';

export const clients: Board = {
  uid: 'tickwire-clients',
  title: 'Tickwire / Clients & latency',
  description: 'Who comes, who goes and why, and what clients themselves measure.',
  rows: [
    {
      title: 'What users see',
      across: 6,
      panels: [
        number({
          title: 'Client latency p50',
          description: 'From publication to arrival, for half of what sampled clients received.',
          unit: units.Seconds,
          limits: { warn: 0.2, bad: 0.5 },
          queries: [{ expr: quantile(0.5, 'tickwire_client_latency_seconds'), legend: 'p50' }],
        }),
        number({
          title: 'Client latency p99',
          description:
            'One in a hundred arrives later. Compare with Publish to socket (Delivery) to tell the network from the server.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: [{ expr: quantile(0.99, 'tickwire_client_latency_seconds'), legend: 'p99' }],
        }),
        number({
          title: 'Round trip p99',
          description:
            'From a probe behind the data to its answer: network and the client’s reading. Above 1 s a session counts as a laggard.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: [{ expr: quantile(0.99, 'tickwire_probe_rtt_seconds'), legend: 'p99' }],
        }),
        number({
          title: 'Frames per second and client',
          description:
            'What an average reporting client receives. A fall with steady publications: clients are slow, or asked for less.',
          unit: units.CountsPerSecond,
          queries: [
            {
              expr: `${sum(rate('tickwire_client_frames_total'))} / ${sum(rate('tickwire_client_report_seconds_total'))}`,
              legend: 'frames',
            },
          ],
        }),
        number({
          title: 'Lost, 5 min',
          description:
            'Connections that ended without a goodbye: network, proxy, or a client that died. A burst is one of the first two.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 10, bad: 100 },
          queries: [{ expr: inFiveMinutes('tickwire_connections_closed_total', 'reason="lost"'), legend: 'lost' }],
        }),
        number({
          title: 'Not fully recovered, 5 min',
          description:
            'Topics of returning clients that could not be told everything they missed. They were told so, and got a snapshot.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 100 },
          queries: [
            { expr: inFiveMinutes('tickwire_recoveries_total', 'outcome!="complete"'), legend: 'not complete' },
          ],
        }),
      ],
    },
    {
      title: 'Latency as clients measure it',
      across: 3,
      panels: [
        graph({
          title: 'Client latency',
          description:
            'From publication to arrival by the server’s clock, over all reporting clients. Lines: what users begin to feel, and what the alert fires at.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: medianAndP99('tickwire_client_latency_seconds'),
        }),
        spread({
          title: 'Client latency, spread',
          description: 'Two bands are two kinds of clients: near and far, or fast and slow.',
          unit: units.Seconds,
          queries: [{ expr: sumBy('le', rate('tickwire_client_latency_seconds_bucket')), legend: '{{le}}' }],
        }),
        graph({
          title: 'Client latency p99 by runtime',
          description: 'Browsers far above node: pages too busy to read; offer them maxRate or fields.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: [{ expr: quantile(0.99, 'tickwire_client_latency_seconds', 'runtime'), legend: '{{runtime}}' }],
        }),
        graph({
          title: 'Round trip of probes',
          description:
            'A ping behind the data to its pong. It grows when a client does not read, even while kernels still take what is sent.',
          unit: units.Seconds,
          limits: { warn: 0.5, bad: 1 },
          queries: medianAndP99('tickwire_probe_rtt_seconds'),
        }),
        graph({
          title: 'Reports',
          description:
            'Reports of sampled clients a second. None: no client of the library is connected, or reports are off, and client latency says nothing.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sum(rate('tickwire_client_reports_total')), legend: 'reports' }],
        }),
        graph({
          title: 'Frames per second and client',
          description:
            'As reporting clients count them. Steps come from releases of clients; a slow fall from clients that ask for less, or lag.',
          unit: units.CountsPerSecond,
          queries: [
            {
              expr: `${sum(rate('tickwire_client_frames_total'))} / ${sum(rate('tickwire_client_report_seconds_total'))}`,
              legend: 'frames per client',
            },
          ],
        }),
      ],
    },
    {
      title: 'Coming and going',
      across: 3,
      panels: [
        graph({
          title: 'Accepted',
          description:
            'New connections a second. Many more than the change in connections: clients that cannot stay; see Closed.',
          unit: units.CountsPerSecond,
          queries: [
            { expr: sumBy('transport', rate('tickwire_connections_accepted_total')), legend: '{{transport}}' },
            { expr: sum(rate('tickwire_hellos_total')), legend: 'said HELLO' },
          ],
        }),
        stacked({
          title: 'Closed by reason',
          description:
            'client: said goodbye; lost: cut off; slowConsumer: read nothing for too long; protocolError and its like: a broken client. serviceRestart is a drain.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('reason', rate('tickwire_connections_closed_total')), legend: '{{reason}}' }],
        }),
        stacked({
          title: 'Refused by reason',
          description:
            'capacity: full, add a server; origin: a page not in allowedOrigins; key, version, subprotocol, encoding, query: a broken client; draining: normal.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('reason', rate('tickwire_connections_refused_total')), legend: '{{reason}}' }],
        }),
      ],
    },
    {
      title: 'What they ask for',
      across: 3,
      panels: [
        graph({
          title: 'Recoveries by outcome',
          description:
            'Topics that returning clients went on with. otherEpoch: the server was started anew; historyTooShort: away too long, lengthen history.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('outcome', rate('tickwire_recoveries_total')), legend: '{{outcome}}' }],
        }),
        graph({
          title: 'Frames received by kind',
          description:
            'A flood of one kind is one client in a loop: `tickwire connections` finds it. unreadable: not a client of ours.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('op', rate('tickwire_received_frames_total')), legend: '{{op}}' }],
        }),
        graph({
          title: 'Subscriptions and streams',
          description:
            'Subscriptions share streams when they ask for the same. As many streams as subscriptions: everybody asks for something else, which costs.',
          unit: units.Short,
          decimals: 0,
          queries: [
            { expr: sum(of('tickwire_subscriptions')), legend: 'subscriptions' },
            { expr: sumBy('view', of('tickwire_streams')), legend: 'streams, {{view}}' },
          ],
        }),
      ],
    },
    {
      title: 'What goes wrong',
      across: 3,
      panels: [
        stacked({
          title: 'Errors sent by reason',
          description:
            'Requests that were answered with an error: mistakes of clients, internal aside. PROTOCOL.md has the table.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('reason', rate('tickwire_errors_sent_total')), legend: '{{reason}}' }],
        }),
        graph({
          title: 'Limits hit',
          description: 'By option. One that honest clients hit is too low: raise it in the configuration.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('limit', rate('tickwire_limit_hits_total')), legend: '{{limit}}' }],
        }),
        graph({
          title: 'HTTP and admin requests',
          description: 'By code, and admin requests by outcome. wrong: somebody guesses the token. 5xx: see the log.',
          unit: units.RequestsPerSecond,
          queries: [
            { expr: sumBy('code', rate('tickwire_http_requests_total')), legend: '{{code}}' },
            { expr: sumBy('outcome', rate('tickwire_admin_requests_total')), legend: 'admin: {{outcome}}' },
          ],
        }),
      ],
    },
  ],
};
