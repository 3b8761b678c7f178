import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Board } from './board.ts';
import { graph, number, stacked } from './panels.ts';
import { inFiveMinutes, of, rate, sum, sumBy } from './query.ts';

export const feeds: Board = {
  uid: 'tickwire-feeds',
  title: 'Tickwire / Feeds',
  description: 'Where publications come from: which feed runs, how it fares, and what it publishes.',
  rows: [
    {
      title: 'Is every feed well?',
      across: 6,
      panels: [
        number({
          title: 'Down',
          description:
            'Feeds that gave up. Their topics stay as they are until the feed is started again; the log has the reason.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 1 },
          queries: [{ expr: sum(of('tickwire_feed_status', 'status="down"')), legend: 'down' }],
        }),
        number({
          title: 'Degraded',
          description: 'Feeds that wait to start again, or say so of themselves. Most mend themselves within a minute.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 3 },
          queries: [{ expr: sum(of('tickwire_feed_status', 'status="degraded"')), legend: 'degraded' }],
        }),
        number({
          title: 'Required, not ok',
          description:
            'Feeds that readiness depends on and that are degraded or down. A server with one that is down is not ready.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 1 },
          queries: [
            {
              expr: `sum(${of('tickwire_feed_required')} * on (job, instance, feed) sum by (job, instance, feed) (${of('tickwire_feed_status', 'status=~"degraded|down"')}))`,
              legend: 'required, not ok',
            },
          ],
        }),
        number({
          title: 'Running',
          description: 'Feeds that run now. The others rest because nobody wants them, are paused, or are over.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sum(of('tickwire_feed_active')), legend: 'running' }],
        }),
        number({
          title: 'Stale topics',
          description:
            'Topics with subscribers, silent for longer than their feed allows; subscribers are told. Above 0: look at the source of those feeds.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 10 },
          queries: [{ expr: sum(of('tickwire_topics_stale')), legend: 'stale' }],
        }),
        number({
          title: 'Rejected, 5 min',
          description:
            'Publications that do not match their schema, or that the feed skipped. A source that changed its format shows here first.',
          unit: units.Short,
          decimals: 0,
          limits: { warn: 1, bad: 100 },
          queries: [{ expr: inFiveMinutes('tickwire_feed_rejected_total'), legend: 'rejected' }],
        }),
      ],
    },
    {
      title: 'How it stands',
      across: 2,
      panels: [
        stacked({
          title: 'Feeds by status',
          description:
            'How many feeds are in which state. ended is right for a source that has an end; paused is somebody’s wish.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sumBy('status', of('tickwire_feed_status')), legend: '{{status}}' }],
        }),
        graph({
          title: 'Feeds not ok',
          description: 'One line a feed that is degraded or down, at 1 while it is. The log says why.',
          unit: units.Short,
          decimals: 0,
          max: 1,
          queries: [
            {
              expr: `max by (feed, instance) (${of('tickwire_feed_status', 'status=~"degraded|down"')})`,
              legend: '{{feed}} on {{instance}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'What they publish',
      across: 3,
      panels: [
        graph({
          title: 'Publications by feed',
          description: 'Zero is normal for a feed that rests (see Running). A fall of one that runs: its source.',
          unit: units.EventsPerSecond,
          queries: [{ expr: sumBy('feed', rate('tickwire_feed_publications_total')), legend: '{{feed}}' }],
        }),
        graph({
          title: 'Running',
          description: '1 while a feed runs, 0 while it rests for want of subscribers.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sumBy('feed', of('tickwire_feed_active')), legend: '{{feed}}' }],
        }),
        graph({
          title: 'Rejected by feed',
          description:
            'Refused against the schema, on undeclared topics, or skipped by the feed. Others go on; mend the feed or its schema.',
          unit: units.EventsPerSecond,
          queries: [{ expr: sumBy('feed', rate('tickwire_feed_rejected_total')), legend: '{{feed}}' }],
        }),
      ],
    },
    {
      title: 'How they run',
      across: 3,
      panels: [
        graph({
          title: 'Lateness of the last tick',
          description:
            'How long after its time a tick began. All late together: the event loop is slow (Capacity). One alone: its tick takes too long.',
          unit: units.Seconds,
          limits: { warn: 0.1, bad: 1 },
          queries: [{ expr: `max by (feed) (${of('tickwire_feed_lateness_seconds')})`, legend: '{{feed}}' }],
        }),
        graph({
          title: 'Ticks, and ticks left out',
          description:
            'A tick that is too late is left out, and counted. Left-out ticks: the feed asks for more than this machine gives.',
          unit: units.CountsPerSecond,
          queries: [
            { expr: sumBy('feed', rate('tickwire_feed_ticks_total')), legend: '{{feed}}' },
            { expr: sumBy('feed', rate('tickwire_feed_ticks_skipped_total')), legend: '{{feed}} left out' },
          ],
        }),
        graph({
          title: 'Errors and restarts',
          description:
            'A feed that throws is started again with growing pauses. A steady line is a source that is away.',
          unit: units.CountsPerSecond,
          queries: [
            { expr: sumBy('feed', rate('tickwire_feed_errors_total')), legend: '{{feed}} errors' },
            { expr: sumBy('feed', rate('tickwire_feed_restarts_total')), legend: '{{feed}} restarts' },
          ],
        }),
      ],
    },
    {
      title: 'Topics and clients that publish',
      across: 3,
      panels: [
        stacked({
          title: 'Topics by kind',
          description: 'Steady growth of one kind is a feed or a client that makes names up. Each topic takes memory.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: sumBy('kind', of('tickwire_topics')), legend: '{{kind}}' }],
        }),
        graph({
          title: 'Stale topics',
          description:
            'Topics with subscribers that are silent for longer than allowed, by server. On one server only: that server’s connection to the source.',
          unit: units.Short,
          decimals: 0,
          queries: [{ expr: of('tickwire_topics_stale'), legend: '{{instance}}' }],
        }),
        graph({
          title: 'Publications of clients',
          description:
            'By door and outcome. forbidden, schemaMismatch and badRequest: a client’s mistake, answered; limit: too big or too many topics.',
          unit: units.EventsPerSecond,
          queries: [
            {
              expr: sumBy('door, outcome', rate('tickwire_client_publications_total')),
              legend: '{{door}}: {{outcome}}',
            },
          ],
        }),
      ],
    },
  ],
};
