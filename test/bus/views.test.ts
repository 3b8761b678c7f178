import fc from 'fast-check';
import { test } from 'vitest';
import { allViews, anySubscriber, schedule } from '../support/model-steps.ts';
import { topicPlans } from '../support/model-topic.ts';
import { World } from '../support/model-world.ts';

test('however rate, fields, filter, deltas and encodings go together, everyone ends with what an origin shows in that view', () => {
  const weights = { publish: 12, remove: 2, turn: 6, pass: 6, birth: 1, join: 1, change: 2, leave: 1 };
  const plans = topicPlans.filter(({ kind }) => kind !== 'event');
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.array(anySubscriber, { maxLength: 4 }),
      fc.nat(0xffff),
      schedule(weights, 44),
      (born, some, dice, steps) => {
        const world = new World({ born: 1 + born, plans });
        for (const plan of [...some, ...allViews(dice)]) world.step({ do: 'join', isSlow: false, ...plan });
        for (const step of steps) {
          world.step(step);
          for (const subscriber of world.subscribers) subscriber.checkRate();
        }
        world.comeToRest();
      },
    ),
    { numRuns: 1000 },
  );
}, 120_000); // a thousand schedules on a busy machine
