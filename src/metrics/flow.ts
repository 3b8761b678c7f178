import { type Labels, type MeasuredHouse, type Metric, perKey } from './metric.ts';

const maxPendingLooks = 200_000; // less than a millisecond; thousands of slow clients on thousands of topics have more

/** What is published, and what becomes of it. */
export const flowMetrics: readonly Metric[] = [
  {
    name: 'tickwire_topics',
    help: 'Topics by kind.',
    type: 'gauge',
    read: ({ hub }) => perKey('kind', hub.topicCounts),
  },
  {
    name: 'tickwire_topics_stale',
    help: 'Topics with subscribers that have been silent for longer than their feed allows.',
    type: 'gauge',
    read: ({ hub }) => hub.missedTopics(),
  },
  {
    name: 'tickwire_streams',
    help: 'Distinct pattern and view pairs in use: plain carry everything, own have a rate, fields, a filter or deltas.',
    type: 'gauge',
    read: ({ hub }) => perKey('view', streamCounts(hub)),
  },
  {
    name: 'tickwire_history_bytes',
    help: 'Memory that topics take for their past, estimated.',
    type: 'gauge',
    read: ({ hub }) => hub.historyBytes.used,
  },
  {
    name: 'tickwire_history_limit_bytes',
    help: 'What they may take together (historyBytes).',
    type: 'gauge',
    read: ({ hub }) => hub.historyBytes.max,
  },
  {
    name: 'tickwire_publications_total',
    help: 'Publications of feeds and clients.',
    type: 'counter',
    read: ({ hub }) => hub.counts.publications,
  },
  {
    name: 'tickwire_client_publications_total',
    help: 'What clients wanted to publish, by the way it came and what became of it.',
    type: 'counter',
    read: clientPublications,
  },
  {
    name: 'tickwire_encodes_total',
    help: 'Frames made of publications: one for each encoding or view, never one for each subscriber.',
    type: 'counter',
    read: ({ hub }) => hub.counts.encodes,
  },
  {
    name: 'tickwire_deliveries_total',
    help: 'Publications handed to the connection of a subscriber.',
    type: 'counter',
    read: ({ hub }) => hub.fates.delivered,
  },
  {
    name: 'tickwire_conflated_total',
    help: 'Publications replaced by newer ones for a subscriber that was slow, paused, or wants a lower rate; announced.',
    type: 'counter',
    read: ({ hub }) => perKey('reason', hub.fates.conflated),
  },
  {
    name: 'tickwire_filtered_total',
    help: 'Publications that did not match the filter of a subscriber.',
    type: 'counter',
    read: ({ hub }) => hub.fates.filtered,
  },
  {
    name: 'tickwire_missed_total',
    help: 'Events that a subscriber lost because history no longer reached back to them; announced.',
    type: 'counter',
    read: ({ hub }) => hub.fates.missed,
  },
  {
    name: 'tickwire_pending_publications',
    help: 'Publications to subscribers of which nothing is decided yet; with very many slow ones, the least it can be.',
    type: 'gauge',
    read: ({ hub }) => hub.pending(maxPendingLooks),
  },
  {
    name: 'tickwire_sent_messages_total',
    help: 'Messages handed to sockets; one carries what a turn of the loop collected.',
    type: 'counter',
    read: (house) => perKey('transport', traffic(house, 'messages')),
  },
  {
    name: 'tickwire_sent_bytes_total',
    help: 'Their bytes, before compression and without those of the transport.',
    type: 'counter',
    read: (house) => perKey('transport', traffic(house, 'bytes')),
  },
  {
    name: 'tickwire_received_bytes_total',
    help: 'Bytes of WebSocket messages from clients.',
    type: 'counter',
    read: ({ counts }) => counts.receivedBytes,
  },
  {
    name: 'tickwire_received_frames_total',
    help: 'Frames from clients, by what they ask for.',
    type: 'counter',
    read: ({ counts }) => perKey('op', counts.received),
  },
  {
    name: 'tickwire_errors_sent_total',
    help: 'Requests on WebSockets that were answered with an error, by its name in the protocol.',
    type: 'counter',
    read: ({ counts }) => perKey('reason', counts.errorsSent),
  },
  {
    name: 'tickwire_recoveries_total',
    help: 'Topics that a returning client wanted to go on with: complete, or why not.',
    type: 'counter',
    read: ({ hub }) => perKey('outcome', hub.fates.recoveries),
  },
];

function streamCounts(hub: MeasuredHouse['hub']): Record<string, number> {
  const counts = { plain: 0, own: 0 };
  for (const { number } of hub.streams) counts[number === 0 ? 'plain' : 'own']++;
  return counts;
}

function* clientPublications({ counts }: MeasuredHouse): Iterable<readonly [Labels, number]> {
  for (const [door, outcomes] of Object.entries(counts.clientPublications)) {
    for (const [outcome, count] of Object.entries(outcomes)) yield [{ door, outcome }, count];
  }
}

/** Of streams and to single connections. */
function traffic({ hub, counts: { sent } }: MeasuredHouse, what: 'messages' | 'bytes'): Record<string, number> {
  const ofStreams = what === 'messages' ? hub.counts.sentMessages : hub.counts.sentBytes;
  return { websocket: ofStreams + sent.websocket[what], sse: sent.sse[what] };
}
