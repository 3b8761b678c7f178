import fc from 'fast-check';
import { test } from 'vitest';
import { anyView, schedule } from '../support/model-steps.ts';
import { topicPlans } from '../support/model-topic.ts';
import { World } from '../support/model-world.ts';

test('however rows come and go, every subscriber ends with the rows that there are, and the same checksum', () => {
  const weights = { publish: 12, remove: 8, clear: 3, turn: 6, pass: 4, change: 1, verify: 2, catchUp: 6, other: 6 };
  const plans = topicPlans.filter(({ kind }) => kind === 'keyed');
  fc.assert(
    fc.property(
      fc.array(anyView, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(5, 150),
      schedule(weights, 80),
      (views, keys, steps) => {
        const world = new World({ born: plans.length, plans, keys });
        for (const view of views) world.step({ do: 'join', isSlow: false, pattern: 't.*', encoding: 'msgpack', view });
        for (const step of steps) world.step(step);
        world.comeToRest();
      },
    ),
    { numRuns: 1000 },
  );
}, 120_000); // a thousand schedules on a busy machine
