/** A machine whose readings get another form while they are charted, when a test says so. */

import { type EventEmitter, once } from 'node:events';
import { z } from 'zod';
import { defineFeed } from '../../../src/feed/index.ts';

/** Feeds are loaded apart from the tests; the process they share. */
export const turning: EventEmitter = process;

const share = z.number();
const before = z.object({ total: share, system: share, iowait: share });
const after = z.object({ cores: z.int(), system: share, total: share });

export default defineFeed({
  name: 'turning',
  topics: { 'host.{name}.cpu': { schema: before.or(after) } },
  demand: 'always',
  setup(context) {
    const state = { hasTurned: false };
    context.redeclare('host.{name}.cpu', { schema: before });
    once(turning, 'turn', { signal: context.signal }).then(
      () => {
        context.redeclare('host.{name}.cpu', { schema: after });
        state.hasTurned = true;
      },
      () => {}, // stopped before
    );
    return state;
  },
  every: 100,
  tick({ publish }, { hasTurned }) {
    publish(
      'host.turning.cpu',
      hasTurned ? { cores: 8, system: 0.125, total: 0.75 } : { total: 0.25, system: 0.125, iowait: 0 },
    );
  },
});
