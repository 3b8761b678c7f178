import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FlushOptions, FlushPace, type FlushTime } from '../../src/server/flush-pace.ts';

test('a flush leaves at the end of the turn while it costs next to nothing', () => {
  const turns = new Turns(0);
  const pace = new FlushPace(options, turns);
  for (let i = 0; i < 100; i++) {
    pace.schedule(turns.flush);
    turns.pass();
  }
  expect(turns.flushedAt).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('flushes that fill the time rest for half as long as they take', () => {
  const turns = new Turns(6);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  useUpCredit(pace, turns);
  expect(gaps(pace, turns, 3)).toEqual([9, 9, 9]); // 6 of the flush, 3 of rest
});

test('flushes that take two thirds of the time or less never rest', () => {
  const turns = new Turns(6);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  for (let i = 0; i < 50; i++) {
    const askedAt = turns.now();
    pace.schedule(turns.flush);
    turns.pass(9); // of which the flush takes 6
    expect(turns.flushedAt.at(-1)).toBe(askedAt);
  }
});

test('a few that follow one another at once leave at once', () => {
  const turns = new Turns(2);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  turns.pass(100);
  expect(gaps(pace, turns, 6)).toEqual([102, 2, 2, 2, 2, 3]); // the last has no credit
});

test('flushes too cheap to be timed each time rest as well when they fill the time', () => {
  const turns = new Turns(0.25);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  useUpCredit(pace, turns);
  const tookMs = gaps(pace, turns, 160).reduce((sum, gap) => sum + gap, 0);
  expect(Math.abs(tookMs - 160 * 0.25 * 1.5)).toBeLessThanOrEqual(1);
});

test('what comes before it is known what the flush cost waits like everything else', () => {
  const turns = new Turns(6);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  useUpCredit(pace, turns);
  pace.schedule(() => {
    turns.flush();
    pace.schedule(turns.flush);
  });
  turns.pass(20);
  const [last = 0, one = 0] = turns.flushedAt.toReversed();
  expect(last - one).toBe(9);
});

test('a rest is never longer than busyFlushMs', () => {
  const turns = new Turns(40);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  useUpCredit(pace, turns);
  expect(gaps(pace, turns, 3)).toEqual([45, 45, 45]);
});

test('who comes when the rest is over does not wait', () => {
  const turns = new Turns(6);
  const pace = new FlushPace(options, turns);
  warmUp(pace, turns);
  turns.pass(20);
  const askedAt = turns.now();
  pace.schedule(turns.flush);
  turns.pass();
  expect(turns.flushedAt.at(-1)).toBe(askedAt);
});

test('with busyFlushMs 0 there is no rest', () => {
  const turns = new Turns(6);
  const pace = new FlushPace({ flushIntervalMs: 0, busyFlushMs: 0 }, turns);
  warmUp(pace, turns);
  expect(gaps(pace, turns, 3)).toEqual([6, 6, 6]);
});

test('a fixed interval is kept whatever a flush costs', () => {
  const turns = new Turns(0);
  const pace = new FlushPace({ flushIntervalMs: 7, busyFlushMs: 5 }, turns);
  pace.schedule(turns.flush);
  turns.pass(6);
  expect(turns.flushedAt).toEqual([]);
  turns.pass(1);
  expect(turns.flushedAt).toEqual([7]);
});

test('each flush that is asked for runs once, at the latest busyFlushMs after the sending before it', () => {
  const busyFlushMs = 5;
  fc.assert(
    fc.property(fc.array(fc.record({ costMs: fc.integer({ min: 0, max: 50 }), idleMs: fc.nat(30) })), (steps) => {
      const turns = new Turns(0);
      const pace = new FlushPace({ flushIntervalMs: 0, busyFlushMs }, turns);
      for (const [i, { costMs, idleMs }] of steps.entries()) {
        turns.costMs = costMs;
        const askedAt = turns.now();
        pace.schedule(turns.flush);
        turns.pass(busyFlushMs);
        expect(turns.flushedAt).toHaveLength(i + 1);
        expect((turns.flushedAt.at(-1) as number) - askedAt).toBeLessThanOrEqual(busyFlushMs);
        turns.pass(idleMs);
      }
    }),
  );
});

const options: FlushOptions = { flushIntervalMs: 0, busyFlushMs: 5 };

/** A loop whose flushes cost what they are told to. */
class Turns implements FlushTime {
  costMs: number;
  readonly flushedAt: number[] = [];
  #ms = 0;
  #soon: (() => void)[] = [];
  #timers: { at: number; run: () => void }[] = [];

  constructor(costMs: number) {
    this.costMs = costMs;
  }

  now = () => this.#ms;
  soon = (run: () => void) => void this.#soon.push(run);
  after = (delayMs: number, run: () => void) => void this.#timers.push({ at: this.#ms + delayMs, run });

  flush = () => {
    this.flushedAt.push(this.#ms);
    this.#ms += this.costMs;
  };

  /** Until nothing more is due; `ms` later where that is told. */
  pass(ms = 1): void {
    const end = this.#ms + ms;
    for (;;) {
      const soon = this.#soon;
      this.#soon = [];
      for (const run of soon) run();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due !== undefined) {
        this.#timers = this.#timers.filter((timer) => timer !== due);
        this.#ms = Math.max(this.#ms, due.at);
        due.run();
      } else if (soon.length === 0) break;
    }
    this.#ms = Math.max(this.#ms, end);
  }
}

/** Cheap flushes are timed now and then only: until one is. */
function warmUp(pace: FlushPace, turns: Turns): void {
  for (let i = 0; i < 16; i++) {
    pace.schedule(turns.flush);
    turns.pass(100);
  }
  pace.schedule(turns.flush);
  turns.pass(0);
}

/** By flushes without a pause. */
function useUpCredit(pace: FlushPace, turns: Turns): void {
  gaps(pace, turns, 100);
}

/** Times between flushes that are asked for without a pause. */
function gaps(pace: FlushPace, turns: Turns, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = turns.flushedAt.at(-1) as number;
    pace.schedule(turns.flush);
    turns.pass(0);
    while (turns.flushedAt.at(-1) === before) turns.pass(1);
    found.push((turns.flushedAt.at(-1) as number) - before);
  }
  return found;
}
