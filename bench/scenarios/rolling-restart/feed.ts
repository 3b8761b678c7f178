/** What both servers run: ten event topics, together a hundred publications a second. */

import { z } from 'zod';
import { defineFeed } from '../../../src/feed/index.ts';

const topics = 10;
const aTick = 10;

export default defineFeed({
  name: 'beat',
  description: 'A hundred publications a second on ten topics of events.',
  topics: { 'bench.beat.{n}': { schema: z.object({ n: z.int(), body: z.string() }), kind: 'event' } },
  demand: 'always',
  every: 100,
  setup: () => ({ n: 0 }),
  tick({ publish }, state) {
    for (let i = 0; i < aTick; i++) {
      state.n++;
      publish(`bench.beat.t${state.n % topics}`, { n: state.n, body: 'x'.repeat(80) });
    }
  },
});
