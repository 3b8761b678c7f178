/** Ten thousand topics, each of which changes now and then. */

import { z } from 'zod';
import { defineFeed } from '../../../src/feed/index.ts';

export const manyTopics = 10_000;

export default defineFeed({
  name: 'many',
  topics: { 'many.{group}.{name}': { schema: z.object({ n: z.int() }) } },
  demand: 'always',
  every: 100,
  setup({ publish }) {
    for (let i = 0; i < manyTopics; i++) publish(nameOf(i), { n: 0 });
    return { next: 0 };
  },
  tick({ publish }, state) {
    for (let left = 200; left > 0; left--) publish(nameOf(state.next++ % manyTopics), { n: state.next });
  },
});

function nameOf(i: number): `many.${string}.${string}` {
  return `many.g${Math.floor(i / 100)}.t${i % 100}`;
}
