import { type Metric, perKey } from './metric.ts';

/** Who is connected, who was not let in, who left and why. */
export const connectionMetrics: readonly Metric[] = [
  {
    name: 'tickwire_connections',
    help: 'Connections now, by encoding; sse is server-sent events over HTTP.',
    type: 'gauge',
    read: ({ census }) => perKey('encoding', census.encodings),
  },
  {
    name: 'tickwire_connections_peak',
    help: 'Most connections at once since the start.',
    type: 'gauge',
    read: ({ counts }) => counts.peak,
  },
  {
    name: 'tickwire_connections_limit',
    help: 'Connections that the server holds at most (maxConnections).',
    type: 'gauge',
    read: ({ maxConnections }) => maxConnections,
  },
  {
    name: 'tickwire_connections_accepted_total',
    help: 'Connections that were let in.',
    type: 'counter',
    read: ({ counts }) => perKey('transport', counts.accepted),
  },
  {
    name: 'tickwire_connections_refused_total',
    help: 'Connections that were not let in, and why.',
    type: 'counter',
    read: ({ counts }) => perKey('reason', counts.refused),
  },
  {
    name: 'tickwire_connections_closed_total',
    help: 'Connections that ended: client said goodbye, lost went without, the rest are the reasons of the server.',
    type: 'counter',
    read: ({ counts }) => perKey('reason', counts.closed),
  },
  {
    name: 'tickwire_hellos_total',
    help: 'WebSocket sessions that said HELLO.',
    type: 'counter',
    read: ({ counts }) => counts.hellos,
  },
  {
    name: 'tickwire_sessions',
    help: 'Connections by how they are served: full, or conflated and limited where they are too slow.',
    type: 'gauge',
    read: ({ census }) => perKey('step', census.steps),
  },
  {
    name: 'tickwire_step_changes_total',
    help: 'How often a connection came to be served so.',
    type: 'counter',
    read: ({ counts }) => perKey('step', counts.steps),
  },
  {
    name: 'tickwire_queue_bytes',
    help: 'Bytes that wait in the server for clients to read, of all connections.',
    type: 'gauge',
    read: ({ census }) => census.queueBytes,
  },
  {
    name: 'tickwire_queue_bytes_max',
    help: 'The same of the connection that has most.',
    type: 'gauge',
    read: ({ census }) => census.queueBytesMax,
  },
  {
    name: 'tickwire_subscriptions',
    help: 'Subscriptions of all connections.',
    type: 'gauge',
    read: ({ census }) => census.subscriptions,
  },
  {
    name: 'tickwire_limit_hits_total',
    help: 'How often somebody wanted more than a limit allows.',
    type: 'counter',
    read: ({ counts }) => perKey('limit', counts.limitHits),
  },
];
