/** A bus whose messages go nowhere, with as many topics of quotes as one likes, each under a pattern of its own. */

import { z } from 'zod';
import type { Encoding, ViewRequest } from '../../src/protocol/index.ts';
import { createBus, OwnedTopic, viewOf } from './bus-parts.ts';

export type HousePlan = {
  readonly topics: number;
  /** One stream of each on every topic. */
  readonly streams: readonly { readonly encoding: Encoding; readonly view?: ViewRequest }[];
};

const publicationsPerTurn = 10;
const publicationsPerBeat = 100; // after so many all timers are due: of streams with a rate, and of filtered ones
const quoteShape = z.object({
  bid: z.number().multipleOf(0.01),
  bidQty: z.int(),
  ask: z.number().multipleOf(0.01),
  askQty: z.int(),
  bookSeq: z.int(),
});
const sink = { send: () => {}, attach: () => {}, detach: () => {} };

/** Publishes one quote on the topic in the middle; ends a loop turn every ten. */
export function publisherIn({ topics, streams }: HousePlan): () => void {
  const clock = stoppedClock();
  let endTurn = () => {};
  const outlet = {
    publish: () => {},
    schedule(flush: () => void) {
      endTurn = flush;
    },
  };
  const options = { now: () => 0, historyLimitsOf: () => undefined, historyBytes: 0, demandLingerMs: 0 };
  const { hub, origin } = createBus(outlet, { ...options, timers: clock });
  const topicList = Array.from({ length: topics }, (_, i) => {
    for (const { encoding, view = {} } of streams) {
      hub.subscribe([`market.*.S${i}.quote`], viewOf(encoding, view), sink, { withRows: true }, 'settling').join(0);
    }
    return origin.topic(`market.sim.S${i}.quote`, 'bench', { kind: 'latest', schema: quoteShape, checkEvery: 100 });
  });
  const topic = topicList[topics >> 1];
  if (!(topic instanceof OwnedTopic)) throw new TypeError('the topic was refused');
  let seq = 0;
  return () => {
    seq++;
    topic.publish({ bid: 187.23, bidQty: seq & 1023, ask: 187.25, askQty: 200, bookSeq: seq }, { ts: seq });
    if (seq % publicationsPerTurn !== 0) return;
    if (seq % publicationsPerBeat === 0) clock.beat();
    endTurn();
  };
}

/** Time that passes only when it is told to. */
function stoppedClock() {
  let nowMs = 0;
  let due: (() => void)[] = [];
  return {
    now: () => nowMs,
    after(_delayMs: number, run: () => void) {
      due.push(run);
      return () => {
        due = due.filter((other) => other !== run);
      };
    },
    beat() {
      nowMs += 1000;
      const runs = due;
      due = [];
      for (const run of runs) run();
    },
  };
}
