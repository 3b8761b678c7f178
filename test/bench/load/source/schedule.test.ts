import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stamped } from '../../../../bench/load/plan.ts';
import { burstEveryMicros, type Loop, runSchedule } from '../../../../bench/load/source/schedule.ts';

test('publications keep the times at which they were due, whatever held the loop up', () => {
  const loop = new HeldUpLoop(1000);
  const seen: number[] = [];
  runSchedule({ topics: 1, rate: 1000, burst: 1, payloadBytes: 0 }, (_, due) => void seen.push(due), loop);
  loop.runUntil(1000 + 3000);
  loop.hold(10_000);
  loop.runUntil(1000 + 20_000);
  expect(seen).toEqual(Array.from({ length: 21 }, (_, i) => 1000 + i * 1000));
});

test('what is late leaves one burst a turn', () => {
  const loop = new HeldUpLoop(0);
  const turns: number[] = [];
  runSchedule({ topics: 1, rate: 1000, burst: 1, payloadBytes: 0 }, () => void turns.push(loop.turns), loop);
  loop.hold(50_000);
  loop.runUntil(60_000);
  expect(new Set(turns).size).toBe(turns.length);
});

test('nothing is published once it is stopped, and stopping twice is harmless', () => {
  const loop = new HeldUpLoop(0);
  let published = 0;
  const stop = runSchedule({ topics: 1, rate: 1000, burst: 1, payloadBytes: 0 }, () => void published++, loop);
  loop.runUntil(5500);
  stop();
  stop();
  loop.runUntil(50_000);
  expect(published).toBe(6);
});

test('every topic has its rate, and every burst its size and time, however the loop is held up', () => {
  const stamped = fc.record({
    topics: fc.integer({ min: 1, max: 40 }),
    rate: fc.integer({ min: 1, max: 500 }),
    burst: fc.integer({ min: 1, max: 60 }),
    payloadBytes: fc.constant(0),
  });
  fc.assert(
    fc.property(stamped, fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 8 }), (plan, holds) => {
      const loop = new HeldUpLoop(5);
      const dues: number[] = [];
      const counts = new Map<number, number>();
      const odd: string[] = [];
      const seeBurst = (topics: readonly number[], due: number) => {
        if (topics.length !== plan.burst) odd.push(`${topics.length} topics`);
        if (due > Math.round(loop.nowMicros())) odd.push(`${due} at ${loop.nowMicros()}`);
        dues.push(due);
        for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
      };
      runSchedule(plan, seeBurst, loop);
      for (const hold of holds) {
        loop.hold(hold);
        loop.runUntil(loop.nowMicros() + 10_000);
      }
      loop.runUntil(loop.nowMicros() + 1_000_000);
      expect(dues).toEqual(dues.map((_, k) => Math.round(5 + k * burstEveryMicros(plan))));
      expect(dues.length).toBe(Math.floor((loop.nowMicros() - 5) / burstEveryMicros(plan)) + 1);
      expect(odd).toEqual([]);
      expectEven(plan, counts);
    }),
    { numRuns: 50 },
  );
});

function expectEven({ topics }: Stamped, counts: ReadonlyMap<number, number>): void {
  const each = Array.from({ length: topics }, (_, topic) => counts.get(topic) ?? 0);
  expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
}

/** Time that moves when it is told to; timers run as soon as nothing holds it up. */
class HeldUpLoop implements Loop {
  turns = 0;
  #now: number;
  #next: { at: number; run: () => void } | undefined;

  constructor(now: number) {
    this.#now = now;
  }

  nowMicros(): number {
    return this.#now;
  }

  later(waitMs: number, run: () => void): () => void {
    const next = { at: this.#now + waitMs * 1000, run };
    this.#next = next;
    return () => {
      if (this.#next === next) this.#next = undefined;
    };
  }

  hold(micros: number): void {
    this.#now += micros;
  }

  runUntil(micros: number): void {
    while (this.#next !== undefined && this.#next.at <= micros) {
      const { at, run } = this.#next;
      this.#next = undefined;
      this.#now = Math.max(this.#now, Math.ceil(at));
      this.turns++;
      run();
    }
    this.#now = Math.max(this.#now, micros);
  }
}
