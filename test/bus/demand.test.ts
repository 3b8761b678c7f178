import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Demand, DemandBook } from '../../src/bus/demand.ts';
import { overlaps } from '../../src/protocol/topic.ts';

const plain = Number.POSITIVE_INFINITY;

describe('the rate', () => {
  test('is the highest that any stream wants of any topic under the patterns', () => {
    const { book, pass } = createBook();
    const quotes = book.of(['market.*.quote']);
    const host = book.of(['host.cpu', 'host.load']);
    pass(5000);
    book.add('market.>', 2);
    book.add('*.*.quote', 5);
    book.add('host.load', 1);
    expect([quotes.rate(), host.rate()]).toEqual([5, 1]);
    book.add('>', plain);
    expect([quotes.rate(), host.rate()]).toEqual([plain, plain]);
  });

  test('rises at once and falls after the linger, step by step', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    pass(5000);
    expect(demand.rate()).toBe(0);
    book.add('a', 2);
    book.add('a', 20);
    expect(demand.rate()).toBe(20);
    book.drop('a', 20);
    pass(3000);
    book.drop('a', 2);
    expect(demand.rate()).toBe(20);
    pass(1999);
    expect(demand.rate()).toBe(20);
    pass(1);
    expect(demand.rate()).toBe(2);
    pass(3000);
    expect(demand.rate()).toBe(0);
  });

  test('stays while another stream wants the same', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    book.add('a', 2);
    book.add('a', 2);
    book.add('*', 2);
    book.drop('a', 2);
    pass(10_000);
    book.drop('a', 2);
    pass(10_000);
    expect(demand.rate()).toBe(2);
    book.drop('*', 2);
    pass(5000);
    expect(demand.rate()).toBe(0);
  });

  test('does not fall when what was dropped is wanted again within the linger', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    pass(5000);
    book.add('a', 2);
    book.drop('a', 2);
    pass(4999);
    book.add('a', 2);
    pass(10_000);
    expect(demand.rate()).toBe(2);
    book.drop('a', 2);
    pass(4999);
    expect(demand.rate()).toBe(2);
  });

  test('is that of streams that were there before anybody asked', () => {
    const { book, pass } = createBook();
    book.add('a.*', 3);
    book.add('a.b', 3);
    book.add('a.b', 3);
    book.add('b', 7);
    const demand = book.of(['a.b']);
    pass(5000);
    expect(demand.rate()).toBe(3);
    book.drop('a.b', 3);
    pass(5000);
    expect(demand.rate()).toBe(3);
    book.drop('a.*', 3);
    pass(5000);
    expect(demand.rate()).toBe(3);
    book.drop('a.b', 3);
    pass(5000);
    expect(demand.rate()).toBe(0);
  });

  test('is as it comes for the first linger, so that feeds run once and their topics are there', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    expect(demand.rate()).toBe(plain);
    pass(4999);
    expect(demand.rate()).toBe(plain);
    pass(1);
    expect(demand.rate()).toBe(0);
  });

  test('is as it comes for a linger after somebody looked', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a.*', 'a.b']);
    const other = book.of(['c']);
    pass(5000);
    book.touch('a.b');
    pass(3000);
    book.touch('a.b');
    pass(4999);
    expect([demand.rate(), other.rate()]).toEqual([plain, 0]);
    pass(1);
    expect(demand.rate()).toBe(0);
  });

  test('is not moved by dropping what was not added', () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    book.drop('a', 2);
    book.add('a', 2);
    book.drop('a', 3);
    pass(5000);
    expect(demand.rate()).toBe(2);
  });
});

describe('listeners', () => {
  test('hear of a change after the call that made it, once for many', async () => {
    const { book, pass } = createBook();
    const demand = book.of(['a']);
    pass(5000);
    await null;
    const heard: number[] = [];
    demand.onChange(() => void heard.push(demand.rate()));
    book.add('a', 2);
    book.add('a', 20);
    expect(heard).toEqual([]);
    await null;
    expect(heard).toEqual([20]);
    book.add('a', 7);
    await null;
    expect(heard).toEqual([20]);
    book.drop('a', 20);
    pass(5000);
    await null;
    expect(heard).toEqual([20, 7]);
  });

  test('hear nothing any more once they are taken back, also by another listener', async () => {
    const { book } = createBook();
    const demand = book.of(['a']);
    let heard = 0;
    const undo = demand.onChange(() => {
      undo();
      undo();
      heard++;
    });
    book.touch('a');
    await null;
    book.add('a', 1);
    await null;
    expect(heard).toBe(1);
  });
});

test('after stop no timer is left, and none is set', () => {
  const { book, timers } = createBook();
  book.of(['a']);
  book.add('a', 2);
  book.drop('a', 2);
  book.add('a', 3);
  expect(timers.size).toBe(2);
  book.stop();
  book.drop('a', 3);
  book.touch('a');
  expect(timers.size).toBe(0);
});

test('whatever comes and goes, a rate is wanted while a stream wants it and for the linger after', () => {
  const patterns = ['a', 'b', 'a.b', 'a.*', '*.b', '*', '>', 'a.>'];
  const step = fc.oneof(
    fc.record({ do: fc.constant('add'), pattern: fc.constantFrom(...patterns), rate: fc.constantFrom(1, 2, 5, plain) }),
    fc.record({ do: fc.constant('drop'), pick: fc.nat() }),
    fc.record({ do: fc.constant('touch'), topic: fc.constantFrom('a', 'b', 'a.b', 'c.b') }),
    fc.record({ do: fc.constant('of'), patterns: fc.subarray(patterns, { minLength: 1 }) }),
    fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 1, max: 4000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { book, pass, now } = createBook();
      const asked: Asked[] = [];
      const open: { pattern: string; rate: number }[] = [];
      const lingering: { demand: Demand; rate: number; until: number }[] = [];
      const linger = (pattern: string, rate: number) => {
        for (const { demand } of asked.filter((one) => isAbout(one, pattern)))
          lingering.push({ demand, rate, until: now() + 5000 });
      };
      for (const step of steps) {
        if ('rate' in step) {
          book.add(step.pattern, step.rate);
          open.push(step);
        } else if ('pick' in step) {
          const [wish] = open.splice(open.length === 0 ? 0 : step.pick % open.length, 1);
          if (wish === undefined) continue;
          book.drop(wish.pattern, wish.rate);
          linger(wish.pattern, wish.rate);
        } else if ('topic' in step) {
          book.touch(step.topic);
          linger(step.topic, plain);
        } else if ('patterns' in step) {
          const demand = book.of(step.patterns);
          asked.push({ patterns: step.patterns, demand });
          lingering.push({ demand, rate: plain, until: now() + 5000 });
        } else pass(step.ms);
        for (const one of asked) {
          const rates = [
            ...open.filter(({ pattern }) => isAbout(one, pattern)),
            ...lingering.filter(({ demand, until }) => demand === one.demand && until > now()),
          ].map(({ rate }) => rate);
          assert.equal(one.demand.rate(), Math.max(0, ...rates));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

type Asked = { patterns: readonly string[]; demand: Demand };

function isAbout({ patterns }: Asked, pattern: string): boolean {
  return patterns.some((mine) => overlaps(mine, pattern));
}

/** A book with a linger of five seconds that pass when told to. */
function createBook() {
  let nowMs = 0;
  const timers = new Set<{ due: number; run: () => void }>();
  const after = (delayMs: number, run: () => void) => {
    const timer = { due: nowMs + delayMs, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const pass = (ms: number) => {
    nowMs += ms;
    for (const timer of [...timers].filter(({ due }) => due <= nowMs).sort((a, b) => a.due - b.due)) {
      timers.delete(timer);
      timer.run();
    }
  };
  return { book: new DemandBook({ lingerMs: 5000, after }), pass, timers, now: () => nowMs };
}
