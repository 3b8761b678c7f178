/** Which patterns select a topic, and which topics a pattern selects. */

import { matches } from '../../../src/protocol/index.ts';
import { SegmentTrie } from '../bus-parts.ts';
import type { Operation, Part } from '../operation.ts';

const sizes = [10, 1000, 100_000];
const perTopic = 100; // topics that one pattern selects

export const patterns: Part = {
  name: 'patterns',
  make(largest) {
    const counts = [...new Set(sizes.map((size) => Math.min(size, largest)))];
    const selecting = counts.map(selectingAmong);
    const [few] = selecting;
    const many = selecting[selecting.length - 1];
    const rest = [selectingTopics(Math.min(10_000, largest)), matching()];
    return {
      operations: [...selecting, ...rest],
      comparisons:
        few === undefined || many === undefined
          ? []
          : [{ name: `${counts[counts.length - 1]} patterns ÷ ${counts[0]}`, dividend: many, divisor: few }],
    };
  },
};

/** Two of them select the topic, whatever their number. */
function selectingAmong(count: number): Operation {
  const index = new SegmentTrie<number>();
  index.add('market.>', -1);
  for (let i = 1; i < count; i++) index.add(`market.*.S${i}.quote`, i);
  const topic = `market.sim.S${Math.max(1, count >> 1)}.quote`;
  return { name: `patterns that select a topic, of ${count}`, run: () => index.selecting(topic) };
}

function selectingTopics(count: number): Operation {
  const index = new SegmentTrie<number>();
  for (let i = 0; i < count; i++) index.add(`market.g${Math.floor(i / perTopic)}.S${i}.quote`, i);
  return {
    name: `topics that a pattern selects, ${Math.min(perTopic, count)} of ${count}`,
    run: () => index.selectedBy('market.g0.*.quote'),
  };
}

function matching(): Operation {
  return { name: 'one pattern against one topic', run: () => matches('market.*.S7.quote', 'market.sim.S7.quote') };
}
