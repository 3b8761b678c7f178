/** The load as a plug-in: what runs in the server under test is a feed like any other. */

import { channel } from 'node:diagnostics_channel';
import { z } from 'zod';
import { defineFeed } from '../../../src/feed/index.ts';
import { sharedMicros } from '../../support/shared-clock.ts';
import { stampedText } from '../../support/stamp.ts';
import { feedChannel, topicName } from '../topic-names.ts';
import { restingLoop } from './event-loop.ts';
import { runSchedule } from './schedule.ts';
import type { FeedControls } from './source-protocol.ts';
import { Tally } from './tally.ts';

const config = z.object({
  topics: z.int().min(1),
  rate: z.number().positive(),
  burst: z.int().min(1),
  payloadBytes: z.int().min(0),
  /** On event topics, which have a history. */
  isKept: z.boolean().default(false),
  /** Published on once, at the start. */
  quietTopics: z.int().min(0).default(0),
  /** Stamps the time at which it publishes instead: what a measurement sees that waits together with the server. */
  isCoordinated: z.boolean().default(false),
});
const schema = z.object({ body: z.string() });

/** Says what it can be told on a channel of this process, for a file's feed shares no modules with the server. */
export default defineFeed({
  name: 'load',
  description: 'Publications that carry the time at which they were due.',
  config,
  topics: ({ topics, quietTopics, isKept }) => {
    const declared = { schema, kind: isKept ? 'event' : 'latest' } as const;
    const all = [...names(topics), ...quietNames(quietTopics)];
    return Object.fromEntries(all.map((name) => [name, declared]));
  },
  demand: 'always',
  connect({ config, publish, clock }) {
    const topics = names(config.topics);
    const text = stampedText(config.payloadBytes);
    const tally = new Tally();
    let stop = () => {};
    const burst = (turn: readonly number[], due: number) => {
      const stamp = config.isCoordinated ? sharedMicros() : due;
      const ts = clock.now() - sharedMicros() + stamp;
      const data = { body: text(stamp) };
      for (const i of turn) {
        const topic = topics[i] ?? '';
        publish(topic, data, { ts });
        tally.add(topic, due);
      }
    };
    const speakOnce = () => {
      for (const topic of quietNames(config.quietTopics)) {
        publish(topic, { body: text(0) });
        tally.add(topic, 0);
      }
    };
    const controls: FeedControls = {
      start() {
        stop();
        speakOnce();
        stop = runSchedule(config, burst, restingLoop);
      },
      measure: (window) => tally.measure(window),
      stop() {
        stop();
        return tally.published();
      },
    };
    channel(feedChannel).publish(controls);
    return () => stop();
  },
});

function names(topics: number): string[] {
  return Array.from({ length: topics }, (_, i) => topicName(i));
}

function quietNames(topics: number): string[] {
  return Array.from({ length: topics }, (_, i) => `bench.quiet${i}`);
}
