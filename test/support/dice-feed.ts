/** A feed file as a user writes one: a counter on one topic, a row that comes and goes on another. */
export const diceFeed = `
import { defineFeed } from 'tickwire/feed';
import { z } from 'zod';

export default defineFeed({
  name: 'dice',
  description: 'Throws dice.',
  config: z.object({ faces: z.int().default(6).describe('Sides of a die.') }),
  topics: {
    'dice.{colour}': { schema: z.object({ eyes: z.int(), by: z.string() }), description: 'One throw.' },
    'table': { schema: z.object({ eyes: z.int() }), kind: 'keyed' },
  },
  every: 20,
  setup: () => ({ throws: 0 }),
  tick({ publish, remove }, state) {
    state.throws++;
    publish('dice.red', { eyes: state.throws, by: 'Ada' });
    if (state.throws % 2 === 1) publish('table', { eyes: state.throws }, { key: 'mine' });
    else remove('table', 'mine');
  },
});`;
