import fc from 'fast-check';
import type { ViewRequest } from '../../src/protocol/index.ts';
import type { SubscriberPlan } from './model-subscriber.ts';
import { filters } from './model-topic.ts';
import type { Step } from './model-world.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Any view: each wish is there or not. */
export const anyView: fc.Arbitrary<ViewRequest> = fc
  .record({
    maxRate: maybe(fc.constantFrom(0.1, 1, 3, 50, 1000)),
    fields: maybe(fc.constantFrom(['bid'], ['note', 'bid'], ['temp', 'note'], ['bid', 'ask', 'note'])),
    filter: maybe(fc.constantFrom(...filters.map(({ text }) => text))),
    delta: maybe(fc.constant(true)),
  })
  .map((wishes) => Object.fromEntries(Object.entries(wishes).filter(([, wish]) => wish !== undefined)));

/** Each way in which the four wishes may go together; half of them in each encoding, by the bits of `dice`. */
export function allViews(dice: number): SubscriberPlan[] {
  return Array.from({ length: 16 }, (_, i) => ({
    pattern: '>',
    encoding: ((dice >> i) & 1) === 0 ? 'msgpack' : 'json',
    view: {
      ...((i & 1) > 0 && { maxRate: 3 }),
      ...((i & 2) > 0 && { fields: ['note', 'bid'] }),
      ...((i & 4) > 0 && { filter: 'bid > 20' }),
      ...((i & 8) > 0 && { delta: true }),
    },
  }));
}

export const patterns = ['>', '>', 'm.*.quote', 'm.>', 't.*', 'e.*', 'm.a.quote', 't.rows', 'e.small'];

export const anySubscriber: fc.Arbitrary<SubscriberPlan> = fc.record({
  pattern: fc.constantFrom(...patterns),
  view: anyView,
  encoding: fc.constantFrom('msgpack', 'json'),
});

const n = fc.nat(1_000_000);
const who = fc.nat(1000);
const someWayBack = maybe(
  fc.oneof(fc.record({ last: fc.integer({ min: 1, max: 8 }) }), fc.record({ ts: fc.nat(20_000_000) })),
);

/** Each step by its name. */
export const steps = {
  publish: fc.record({
    do: fc.constant('publish' as const),
    topic: n,
    dice: fc.array(n, { minLength: 1, maxLength: 8, size: 'max' }),
  }),
  remove: fc.record({
    do: fc.constant('remove' as const),
    topic: n,
    rows: fc.array(n, { minLength: 1, maxLength: 4 }),
  }),
  clear: fc.record({ do: fc.constant('clear' as const), topic: n, count: fc.constantFrom(3, 40, 70, 140) }),
  turn: fc.constant({ do: 'turn' } as const),
  pass: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 7, 100, 400, 1000, 3000, 15_000) }),
  birth: fc.constant({ do: 'birth' } as const),
  join: fc
    .record({ do: fc.constant('join' as const), isSlow: fc.boolean(), since: someWayBack, plan: anySubscriber })
    .map(({ plan, ...join }) => ({ ...join, ...plan })),
  change: fc.record({ do: fc.constant('change' as const), who, view: anyView, keepsLooks: fc.boolean() }),
  verify: fc.record({
    do: fc.constant('verify' as const),
    who,
    topic: n,
    want: fc.constantFrom('checksum' as const, 'snapshot' as const),
  }),
  catchUp: fc.record({
    do: fc.constant('catchUp' as const),
    who,
    bytes: fc.constantFrom(1, 60, 200, 1000, 100_000),
    mayRelease: fc.boolean(),
  }),
  leave: fc.record({ do: fc.constant('leave' as const), who }),
  other: fc.record({
    do: fc.constantFrom('stall', 'pause', 'resume', 'leave', 'reconnect'),
    who,
  }) as fc.Arbitrary<Step>,
} satisfies Record<string, fc.Arbitrary<Step>>;

/** A schedule in which each of these steps is so many times as likely. */
export function schedule(weights: Partial<Record<keyof typeof steps, number>>, length: number): fc.Arbitrary<Step[]> {
  const weighted = Object.entries(weights).map(([name, weight]) => ({
    arbitrary: steps[name as keyof typeof steps] as fc.Arbitrary<Step>,
    weight,
  }));
  return fc.array(fc.oneof(...weighted), { maxLength: length, size: 'max' });
}
