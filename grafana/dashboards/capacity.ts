import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Board } from './board.ts';
import { graph, number } from './panels.ts';
import { of, rate, sum } from './query.ts';

const connectionsShare = `sum by (job, instance) (${of('tickwire_connections')}) / on (job, instance) ${of('tickwire_connections_limit')}`;
const historyShare = `${of('tickwire_history_bytes')} / ${of('tickwire_history_limit_bytes')}`;

export const capacity: Board = {
  uid: 'tickwire-capacity',
  title: 'Tickwire / Capacity',
  description: 'How full each server is, what a delivery costs, and which limit comes first.',
  rows: [
    {
      title: 'How full is the fullest server?',
      across: 6,
      panels: [
        number({
          title: 'CPU',
          description:
            'Of one core; a server can fill one. From 90 % on latency grows: add a server, or raise server.flushIntervalMs.',
          unit: units.PercentUnit,
          limits: { warn: 0.7, bad: 0.9 },
          queries: [{ expr: `max(${rate('process_cpu_seconds_total')})`, legend: 'of a core' }],
        }),
        number({
          title: 'Connections',
          description: 'Of server.maxConnections. At 100 % new ones are refused.',
          unit: units.PercentUnit,
          max: 1,
          limits: { warn: 0.8, bad: 0.95 },
          queries: [{ expr: `max(${connectionsShare})`, legend: 'of the limit' }],
        }),
        number({
          title: 'File descriptors',
          description: 'Of the process’s limit (ulimit -n). Each connection takes one; at 100 % none can be accepted.',
          unit: units.PercentUnit,
          max: 1,
          limits: { warn: 0.8, bad: 0.95 },
          queries: [{ expr: `max(${of('process_open_fds')} / ${of('process_max_fds')})`, legend: 'of the limit' }],
        }),
        number({
          title: 'History',
          description:
            'Of server.historyBytes. Full is no failure: the largest topic drops its oldest; returning clients may then miss events.',
          unit: units.PercentUnit,
          max: 1,
          limits: { warn: 0.9, bad: 1 },
          queries: [{ expr: `max(${historyShare})`, legend: 'of the limit' }],
        }),
        number({
          title: 'Memory',
          description:
            'Resident memory of the server that has most. Compare with the container’s limit; the alert fires at 80 % of 1 GiB.',
          unit: units.BytesIEC,
          limits: { warn: 536_870_912, bad: 858_993_459 },
          queries: [{ expr: `max(${of('process_resident_memory_bytes')})`, legend: 'resident' }],
        }),
        number({
          title: 'CPU per delivery',
          description:
            'CPU time of all servers over all deliveries. It falls under load, for more leaves in one message.',
          unit: units.Seconds,
          queries: [
            {
              expr: `${sum(rate('process_cpu_seconds_total'))} / ${sum(rate('tickwire_deliveries_total'))}`,
              legend: 'per delivery',
            },
          ],
        }),
      ],
    },
    {
      title: 'CPU and event loop',
      across: 3,
      panels: [
        graph({
          title: 'CPU',
          description:
            'Cores in use, by server. Above 1 the garbage collector and compression help from other threads.',
          unit: units.PercentUnit,
          limits: { warn: 0.7, bad: 0.9 },
          queries: [{ expr: rate('process_cpu_seconds_total'), legend: '{{instance}}' }],
        }),
        graph({
          title: 'Event loop lateness',
          description:
            'Median, p99 and longest since the scrape before. p99 high at low CPU: one long task, such as a feed’s tick or garbage collection.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [
            { expr: `max(${of('nodejs_eventloop_lag_p50_seconds')})`, legend: 'p50' },
            { expr: `max(${of('nodejs_eventloop_lag_p99_seconds')})`, legend: 'p99' },
            { expr: `max(${of('nodejs_eventloop_lag_max_seconds')})`, legend: 'longest' },
          ],
        }),
        graph({
          title: 'Garbage collection and scrapes',
          description:
            'Share of time in garbage collection, by kind, and loop time that the last scrape took. Above 10 %: too little memory for the load.',
          unit: units.PercentUnit,
          queries: [
            { expr: `sum by (kind) (${rate('nodejs_gc_duration_seconds_sum')})`, legend: 'gc, {{kind}}' },
            { expr: `max(${of('tickwire_scrape_seconds')})`, legend: 'seconds of the last scrape' },
          ],
        }),
      ],
    },
    {
      title: 'Memory',
      across: 3,
      panels: [
        graph({
          title: 'Resident memory',
          description: 'Steady growth over hours at the same load is a leak; steps follow connections and topics.',
          unit: units.BytesIEC,
          queries: [{ expr: of('process_resident_memory_bytes'), legend: '{{instance}}' }],
        }),
        graph({
          title: 'Heap',
          description: 'Of JavaScript. The rest of resident memory is sockets’ buffers and native code.',
          unit: units.BytesIEC,
          queries: [
            { expr: sum(of('nodejs_heap_size_used_bytes')), legend: 'used' },
            { expr: sum(of('nodejs_heap_size_total_bytes')), legend: 'reserved' },
            { expr: sum(of('nodejs_external_memory_bytes')), legend: 'external' },
          ],
        }),
        graph({
          title: 'History',
          description:
            'What kept publications take, and the bound of all topics together. At the bound the largest topic drops its oldest.',
          unit: units.BytesIEC,
          queries: [
            { expr: of('tickwire_history_bytes'), legend: '{{instance}}' },
            { expr: `max(${of('tickwire_history_limit_bytes')})`, legend: 'limit' },
          ],
        }),
      ],
    },
    {
      title: 'Connections',
      across: 3,
      panels: [
        graph({
          title: 'Connections and limit',
          description: 'Now, the most at once since the start, and server.maxConnections.',
          unit: units.Short,
          decimals: 0,
          queries: [
            { expr: `sum by (instance) (${of('tickwire_connections')})`, legend: '{{instance}}' },
            { expr: `max(${of('tickwire_connections_peak')})`, legend: 'peak' },
            { expr: `max(${of('tickwire_connections_limit')})`, legend: 'limit' },
          ],
        }),
        graph({
          title: 'File descriptors and limit',
          description:
            'Open ones by server, and the process’s limit. Rising with steady connections: a leak in a feed.',
          unit: units.Short,
          decimals: 0,
          queries: [
            { expr: of('process_open_fds'), legend: '{{instance}}' },
            { expr: `max(${of('process_max_fds')})`, legend: 'limit' },
          ],
        }),
        graph({
          title: 'Bytes in and out',
          description:
            'Payload of all connections. Out: before compression. Compare with the network card’s and the provider’s limit.',
          unit: units.BytesPerSecondSI,
          queries: [
            { expr: sum(rate('tickwire_sent_bytes_total')), legend: 'out' },
            { expr: sum(rate('tickwire_received_bytes_total')), legend: 'in' },
          ],
        }),
      ],
    },
    {
      title: 'What a publication costs',
      across: 3,
      panels: [
        graph({
          title: 'Encodes per publication',
          description:
            'As many as there are streams that it matches, never as there are subscribers. Growth: clients ask for many different views.',
          unit: units.Short,
          queries: [
            {
              expr: `${sum(rate('tickwire_encodes_total'))} / ${sum(rate('tickwire_publications_total'))}`,
              legend: 'encodes',
            },
          ],
        }),
        graph({
          title: 'Deliveries per publication',
          description: 'How many subscribers a publication reaches on average.',
          unit: units.Short,
          queries: [
            {
              expr: `${sum(rate('tickwire_deliveries_total'))} / ${sum(rate('tickwire_publications_total'))}`,
              legend: 'deliveries',
            },
          ],
        }),
        graph({
          title: 'CPU per delivery',
          description:
            'By server. Falls with load, for more leaves together. A rise after a release is worth a bisection with `npm run bench`.',
          unit: units.Seconds,
          queries: [
            {
              expr: `sum by (instance) (${rate('process_cpu_seconds_total')}) / sum by (instance) (${rate('tickwire_deliveries_total')})`,
              legend: '{{instance}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Which version runs where',
      across: 2,
      panels: [
        graph({
          title: 'Versions',
          description: 'Servers by version of Tickwire and of Node. Two lines during a roll-out, one after it.',
          unit: units.Short,
          decimals: 0,
          queries: [
            { expr: `sum by (version, node) (${of('tickwire_build_info')})`, legend: '{{version}} on Node {{node}}' },
          ],
        }),
        graph({
          title: 'Ready and draining',
          description: 'Servers that take new clients, and servers that are handing theirs over.',
          unit: units.Short,
          decimals: 0,
          queries: [
            { expr: sum(of('tickwire_ready')), legend: 'ready' },
            { expr: sum(of('tickwire_draining')), legend: 'draining' },
          ],
        }),
      ],
    },
  ],
};
