import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Board } from './board.ts';
import { graph, number, spread, stacked } from './panels.ts';
import { inFiveMinutes, medianAndP99, of, quantile, rate, sum, sumBy } from './query.ts';

export const delivery: Board = {
  uid: 'tickwire-delivery',
  title: 'Tickwire / Delivery & backpressure',
  description: 'What becomes of each publication: delivered, skipped and why, or missed; and who does not keep up.',
  rows: [
    {
      title: 'Who does not keep up?',
      across: 6,
      panels: [
        number({
          title: 'Laggards',
          description: 'Sessions that get only the newest. `tickwire connections` lists them, the slowest first.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 5, bad: 50 },
          queries: [{ expr: sum(of('tickwire_sessions', 'step!="full"')), legend: 'laggards' }],
        }),
        number({
          title: 'Evicted, 5 min',
          description:
            'Connections closed because they read nothing for too long. They come back by themselves, and recover.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 10 },
          queries: [
            { expr: inFiveMinutes('tickwire_connections_closed_total', 'reason="slowConsumer"'), legend: 'evicted' },
          ],
        }),
        number({
          title: 'Unsent bytes',
          description:
            'What waits in this process for sockets to take it. It is bounded for each connection; growth is many laggards.',
          unit: units.BytesIEC,
          limits: { warn: 67_108_864, bad: 268_435_456 },
          queries: [{ expr: sum(of('tickwire_queue_bytes')), legend: 'unsent' }],
        }),
        number({
          title: 'Longest queue',
          description: 'Unsent bytes of the connection that has most. At server.evictBytes (1 MiB) it is closed.',
          unit: units.BytesIEC,
          limits: { warn: 262_144, bad: 1_048_576 },
          queries: [{ expr: `max(${of('tickwire_queue_bytes_max')})`, legend: 'longest' }],
        }),
        number({
          title: 'Held back',
          description:
            'Publications not yet decided, of subscribers that are slow or paused. They take no memory; the newest goes out when there is room.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sum(of('tickwire_pending_publications')), legend: 'pending' }],
        }),
        number({
          title: 'Events missed, 5 min',
          description:
            'Lost for good, and announced as gaps. Lengthen history (server.historyBytes, history) or find who is away so long.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 100 },
          queries: [{ expr: inFiveMinutes('tickwire_missed_total'), legend: 'missed' }],
        }),
      ],
    },
    {
      title: 'Backpressure',
      across: 3,
      panels: [
        stacked({
          title: 'Sessions by step',
          description:
            'full: everything; conflated: the newest, as fast as it reads; limited: the newest, rarely. Many leaving full at once: the network or this server’s uplink.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sumBy('step', of('tickwire_sessions')), legend: '{{step}}' }],
        }),
        graph({
          title: 'Step changes',
          description:
            'Sessions that enter a step, a second. Constant traffic between full and conflated: clients at the edge of what they can take; offer them maxRate.',
          unit: units.CountsPerSecond,
          queries: [{ expr: sumBy('step', rate('tickwire_step_changes_total')), legend: 'to {{step}}' }],
        }),
        graph({
          title: 'Unsent bytes',
          description:
            'All connections of a server together, and its longest queue. The first growing with the second flat: many laggards, not one.',
          unit: units.BytesIEC,
          queries: [
            { expr: of('tickwire_queue_bytes'), legend: 'all of {{instance}}' },
            { expr: of('tickwire_queue_bytes_max'), legend: 'longest of {{instance}}' },
          ],
        }),
      ],
    },
    {
      title: 'What became of the publications',
      across: 3,
      panels: [
        stacked({
          title: 'Publications × subscribers, by outcome',
          description:
            'Everything that was to be delivered, split into what happened to it. `tickwire ledger` checks that it adds up to the last one.',
          unit: units.EventsPerSecond,
          queries: [
            { expr: sum(rate('tickwire_deliveries_total')), legend: 'delivered' },
            { expr: sum(rate('tickwire_conflated_total')), legend: 'conflated' },
            { expr: sum(rate('tickwire_filtered_total')), legend: 'filtered' },
            { expr: sum(rate('tickwire_missed_total')), legend: 'missed' },
          ],
        }),
        stacked({
          title: 'Conflated by reason',
          description:
            'Newer values took their place. rate and paused: as asked. slow: the subscriber does not keep up.',
          unit: units.EventsPerSecond,
          queries: [{ expr: sumBy('reason', rate('tickwire_conflated_total')), legend: '{{reason}}' }],
        }),
        graph({
          title: 'Held back',
          description:
            'Publications not yet decided, by server. Falls to zero when slow readers catch up and paused ones resume.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: of('tickwire_pending_publications'), legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'Latency inside the server',
      across: 3,
      panels: [
        graph({
          title: 'Publish to socket',
          description:
            'From the first publication that a flush holds until the sockets are written. High: the loop is busy, see Capacity.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: medianAndP99('tickwire_publish_to_socket_seconds'),
        }),
        spread({
          title: 'Publish to socket, spread',
          description:
            'How flushes are spread over time. A second band far above the first is something that holds the loop now and then.',
          unit: units.Seconds,
          queries: [{ expr: sumBy('le', rate('tickwire_publish_to_socket_seconds_bucket')), legend: '{{le}}' }],
        }),
        graph({
          title: 'Publish to socket p99 by instance',
          description: 'One server above the others: look at that machine, not at the feeds.',
          unit: units.Seconds,
          limits: { warn: 0.05, bad: 0.1 },
          queries: [{ expr: quantile(0.99, 'tickwire_publish_to_socket_seconds', 'instance'), legend: '{{instance}}' }],
        }),
      ],
    },
    {
      title: 'On the wire',
      across: 3,
      panels: [
        graph({
          title: 'Messages sent',
          description:
            'One for each socket and message; a message carries all that a stream had to say in a turn. Sends are what costs.',
          unit: units.MessagesPerSecond,
          queries: [{ expr: sumBy('transport', rate('tickwire_sent_messages_total')), legend: '{{transport}}' }],
        }),
        graph({
          title: 'Bytes sent',
          description: 'Payload before compression. Compare with what the network takes.',
          unit: units.BytesPerSecondSI,
          queries: [{ expr: sumBy('transport', rate('tickwire_sent_bytes_total')), legend: '{{transport}}' }],
        }),
        graph({
          title: 'Deliveries per message',
          description:
            'How many publications leave together. It rises by itself when the server is busy; at 1 under load, try server.flushIntervalMs.',
          unit: units.Short,
          queries: [
            {
              expr: `${sum(rate('tickwire_deliveries_total'))} / ${sum(rate('tickwire_sent_messages_total'))}`,
              legend: 'deliveries per message',
            },
          ],
        }),
      ],
    },
  ],
};
