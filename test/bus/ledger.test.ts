import fc from 'fast-check';
import { test } from 'vitest';
import { anySubscriber, schedule } from '../support/model-steps.ts';
import { World } from '../support/model-world.ts';

test('whatever subscribers do, every publication is accounted for, told once, and in order', () => {
  const weights = {
    publish: 12,
    remove: 2,
    turn: 8,
    pass: 5,
    birth: 1,
    join: 2,
    change: 2,
    verify: 1,
    catchUp: 6,
    other: 6,
  };
  fc.assert(
    fc.property(
      fc.nat(6),
      fc.array(anySubscriber, { minLength: 1, maxLength: 3 }),
      schedule(weights, 150),
      (born, plans, steps) => {
        const world = new World({ born: 2 + born });
        for (const plan of plans) world.step({ do: 'join', isSlow: false, ...plan });
        for (const step of steps) world.step(step);
        world.comeToRest();
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 1000) },
  );
});
