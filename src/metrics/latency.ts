import type { Metric } from './metric.ts';

/** How long things take, as the server sees it and as clients say. */
export const latencyMetrics: readonly Metric[] = [
  {
    name: 'tickwire_publish_to_socket_seconds',
    help: 'From the first publication that a flush holds until the sockets are written; of at most 200 flushes a second.',
    type: 'histogram',
    read: ({ publishToSocket }) => [[{}, publishToSocket]],
  },
  {
    name: 'tickwire_probe_rtt_seconds',
    help: 'From a ping that travels behind the data to its pong: how far behind clients are.',
    type: 'histogram',
    read: ({ counts }) => [[{}, counts.probes]],
  },
  {
    name: 'tickwire_client_latency_seconds',
    help: 'From the time of a publication to its arrival, as clients that were asked report it.',
    type: 'histogram',
    read: ({ counts }) => Object.entries(counts.clientLatency).map(([runtime, buckets]) => [{ runtime }, buckets]),
  },
  {
    name: 'tickwire_client_reports_total',
    help: 'Reports that clients sent.',
    type: 'counter',
    read: ({ counts }) => counts.reports,
  },
  {
    name: 'tickwire_client_frames_total',
    help: 'Frames that came to the clients that report.',
    type: 'counter',
    read: ({ counts }) => counts.reported.frames,
  },
  {
    name: 'tickwire_client_report_seconds_total',
    help: 'Time that the reports of clients cover; frames divided by it is the frame rate of a client.',
    type: 'counter',
    read: ({ counts }) => counts.reported.seconds,
  },
];
