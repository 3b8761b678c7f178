/** One publication, from its owner's hands to bytes for the sockets. */

import { encodings } from '../../../src/protocol/index.ts';
import { type HousePlan, publisherIn } from '../house.ts';
import type { Operation, Part } from '../operation.ts';

const fewTopics = 10;
const manyTopics = 10_000;
const binary = [{ encoding: 'msgpack' }] as const;

export const publish: Part = {
  name: 'publish',
  make(largest) {
    const many = Math.min(manyTopics, largest);
    const among = (topics: number) =>
      publishing(`one stream, among ${topics} topics and patterns`, { topics, streams: binary });
    const all = [...encodings, 'sse' as const].map((encoding) => ({ encoding }));
    const [atFew, atMany] = [among(fewTopics), among(many)];
    return {
      operations: [
        publishing('nobody listens', { topics: 1, streams: [] }),
        atFew,
        atMany,
        publishing(`${all.length} streams, one an encoding`, { topics: fewTopics, streams: all }),
      ],
      comparisons: [
        { name: `${many} topics and patterns ÷ ${fewTopics}`, dividend: atMany, divisor: atFew, below: 1.1 },
      ],
    };
  },
};

function publishing(name: string, plan: HousePlan): Operation {
  return { name, run: publisherIn(plan) };
}
