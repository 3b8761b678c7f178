import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addLedger, emptyLedger, imbalance } from '../../src/bus/index.ts';
import type { ServerFrame } from '../../src/protocol/index.ts';
import { anySubscriber, schedule } from '../support/model-steps.ts';
import { World } from '../support/model-world.ts';
import { TestBus } from '../support/test-bus.ts';

const slowMs = 120_000; // a thousand schedules on a busy machine

test(
  'whatever subscribers do, every publication is accounted for, told once, and in order',
  () => {
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
    const subscribers = fc.array(anySubscriber, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(6), subscribers, schedule(weights, 150), (born, plans, steps) => {
        const world = new World({ born: 2 + born });
        for (const plan of plans) world.step({ do: 'join', isSlow: false, ...plan });
        for (const step of steps) world.step(step);
        world.comeToRest();
      }),
      { numRuns: 1000 },
    );
  },
  slowMs,
);

test('a connection whose plain patterns overlap misses nothing, however slow it is, if it drops what it has', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('publish' as const), topic: fc.nat(3), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('turn' as const) }),
    fc.record({ do: fc.constant('hold' as const) }),
    fc.record({ do: fc.constant('catchUp' as const), bytes: fc.constantFrom(1, 40, 200, 10_000) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const bus = new TestBus({ historyLimitsOf: () => ({ maxCount: 4, maxBytes: 10_000, maxAgeMs: 10_000 }) });
      const topics = (['latest', 'event', 'latest', 'event'] as const).map((kind, i) => bus.numbers(`t.${i}`, kind));
      const seen = new Map<number, number>();
      const sink = bus.sink('msgpack', (frame) => follow(seen, frame));
      const members = ['>', 't.*', 't.1', 't.0'].map((pattern) => bus.member(pattern, {}, sink));
      for (const member of members) member.join(Number.POSITIVE_INFINITY);
      const catchUp = (bytes: number) => {
        const outcomes = members.map((member) => member.catchUp(bytes));
        if (outcomes.includes('more')) return;
        for (const member of members) member.release();
      };
      for (const step of steps) {
        if (step.do === 'publish') for (let i = 0; i < step.count; i++) topics[step.topic]!.publish(i);
        else if (step.do === 'turn') bus.turn();
        else if (step.do === 'hold') for (const member of members) member.hold('slow');
        else catchUp(step.bytes);
      }
      catchUp(Number.POSITIVE_INFINITY);
      bus.turn();
      const present = bus.bus.hub.topicsSelectedBy('>').map(({ topic, seq }) => [topic.tid, seq]);
      expect([...seen].sort()).toEqual(present.sort());
      const all = members.reduce((sum, member) => addLedger(sum, member.ledger()), emptyLedger());
      expect([imbalance(all), all.pending]).toEqual([0, 0]);
    }),
    { numRuns: 1000 },
  );
});

/** Takes what follows, drops what was there before, and throws for what leaves a hole. */
function follow(seen: Map<number, number>, frame: ServerFrame): void {
  if (!('tid' in frame) || frame.op === 'topic' || frame.op === 'state' || frame.op === 'checksum') return;
  const position = seen.get(frame.tid) ?? 0;
  const [from, to] = 'from' in frame ? [frame.from, frame.to] : [frame.seq, frame.seq];
  if (frame.op !== 'snapshot' && from > position + 1) throw new Error(`${JSON.stringify(frame)} follows ${position}`);
  if (to >= position) seen.set(frame.tid, to);
}
