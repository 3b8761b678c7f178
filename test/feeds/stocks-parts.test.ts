import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals } from '../../feeds/stocks/arrivals.ts';
import { Bar } from '../../feeds/stocks/bar.ts';
import { DaySummary } from '../../feeds/stocks/day-summary.ts';
import { findInstrument } from '../../feeds/stocks/instruments.ts';
import { activityShape, volatilityShape } from '../../feeds/stocks/intraday.ts';
import { LogVolatility } from '../../feeds/stocks/log-volatility.ts';
import type { PricePath } from '../../feeds/stocks/price-path.ts';
import { SessionClock } from '../../feeds/stocks/session-clock.ts';
import { TopOfBook } from '../../feeds/stocks/top-of-book.ts';
import { createRng } from '../../src/feed/random.ts';

const midnight = Date.UTC(2025, 0, 1) * 1000;
const hours = 3_600e6;
const trades = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 10_000 })), {
  minLength: 1,
});

test('the volatility profile has a mean square of one: it moves variance within a day, it adds none', () => {
  expect(meanOver((u) => volatilityShape(u) ** 2)).toBeCloseTo(1, 6);
  expect(meanOver(activityShape)).toBeCloseTo(0.929, 3);
  expect(volatilityShape(0)).toBeGreaterThan(2 * volatilityShape(0.5));
});

test('a log-volatility keeps its stationary variance and its memory at any step', () => {
  for (const dtSec of [0.1, 5, 60, 3600]) {
    const walk = new LogVolatility([{ tauSec: 60, variance: 0.16 }], dtSec, createRng('1', `${dtSec}`));
    const values = Array.from({ length: 200_000 }, () => {
      walk.step();
      return walk.sum;
    });
    const memory = Math.exp(-dtSec / 60);
    const samples = Math.max(200, (values.length * (1 - memory)) / (1 + memory));
    expect(Math.abs(meanOf(values.map((x) => x * x)) / 0.16 - 1)).toBeLessThan(5 * Math.sqrt(2 / samples));
    const lag1 = meanOf(values.slice(1).map((x, i) => x * values[i]!)) / meanOf(values.map((x) => x * x));
    expect(lag1).toBeCloseTo(memory, 2);
  }
});

test('arrivals come at the asked rate, however it is cut into steps', () => {
  for (const mean of [0.001, 0.3, 40]) {
    const arrivals = new Arrivals(createRng('1', `${mean}`));
    const steps = 20_000 / mean;
    let total = 0;
    for (let i = 0; i < steps; i++) total += arrivals.count(mean);
    expect(Math.abs(total - 20_000)).toBeLessThan(5 * Math.sqrt(20_000));
  }
});

test('a bar is the fold of its trades', () => {
  fc.assert(
    fc.property(trades, (list) => {
      const bar = new Bar();
      bar.open(60e6);
      for (const [px, qty] of list) bar.add(px, qty);
      const prices = list.map(([px]) => px / 100);
      const v = list.reduce((sum, [, qty]) => sum + qty, 0);
      const { vwap, ...exact } = bar.message(true);
      const range = { o: prices[0], h: Math.max(...prices), l: Math.min(...prices), c: prices.at(-1) };
      expect(exact).toEqual({ start: 60e6, ...range, v, n: list.length, closed: true });
      const average = list.reduce((sum, [px, qty]) => sum + (px / 100) * (qty / v), 0);
      expect(Math.abs(vwap - average)).toBeLessThan(0.000051);
    }),
  );
});

test('a bar that is opened again has forgotten its trades', () => {
  const bar = new Bar();
  bar.open(0);
  bar.add(5_000, 10);
  bar.open(60e6);
  bar.add(100, 1);
  expect(bar.message(false)).toEqual({ start: 60e6, o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vwap: 1, closed: false });
});

test('a day summary starts each day from the last price and sums only that day', () => {
  const summary = new DaySummary(1, 10_000);
  const untraded = { last: 100, open: 100, high: 100, low: 100, prevClose: 100, vol: 0, turnover: 0, n: 0 };
  expect(summary.message()).toEqual({ ...untraded, changePct: 0 });
  for (const px of [10_100, 10_300, 10_200]) summary.add(px, 10);
  expect(summary.message()).toEqual({
    ...{ last: 102, open: 101, high: 103, low: 101, prevClose: 100 },
    ...{ vol: 30, turnover: 3060, n: 3, changePct: 2 },
  });
  summary.day = 1;
  expect(summary.message().n).toBe(3);
  summary.day = 2;
  expect(summary.message()).toMatchObject({ last: 102, open: 102, high: 102, low: 102, prevClose: 102, vol: 0, n: 0 });
});

test('a session is one UTC day, entered at the hour it is, and runs as fast as it is told', () => {
  const real = new SessionClock(midnight + 6 * hours, 1);
  expect(real.fraction).toBeCloseTo(0.25, 9);
  real.set(midnight + 30 * hours);
  expect(real.fraction).toBeCloseTo(0.25, 9);
  expect(real.day).toBe(midnight / (24 * hours) + 1);

  const fast = new SessionClock(midnight + 6 * hours, 60);
  fast.set(midnight + 6 * hours + hours / 10);
  expect(fast.fraction).toBeCloseTo(0.5, 9);
});

test('the ask stays above the bid wherever the price goes, down to one tick', () => {
  const moves = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(moves, fc.string(), (logs, seed) => {
      const path = { price: 5_000, relativeVol: 1 };
      const book = openBook(path, seed);
      for (const log of logs) {
        path.price = 100 * Math.exp(log);
        path.relativeVol = Math.exp(log / 4);
        const before = { bid: book.bid, bidQty: book.bidQty, ask: book.ask, askQty: book.askQty };
        const seq = book.seq;
        book.step();
        const { bid, bidQty, ask, askQty } = book;
        expect(ask).toBeGreaterThan(bid);
        expect(bid).toBeGreaterThanOrEqual(1);
        expect(Math.min(bidQty, askQty)).toBeGreaterThan(0);
        const isSame = JSON.stringify(before) === JSON.stringify({ bid, bidQty, ask, askQty });
        expect(book.seq).toBe(isSame ? seq : seq + 1);
      }
    }),
  );
});

test('quotes stay where they are until the price has clearly left them', () => {
  const path = { price: 5_000, relativeVol: 1 };
  const book = openBook(path, '1', 0);
  const { bid, ask, seq } = book;
  for (const price of [bid - 0.1, ask + 0.1, (bid + ask) / 2]) {
    path.price = price;
    book.step();
  }
  expect(book.seq).toBe(seq);
  path.price = ask + 0.2;
  book.step();
  expect(book).toMatchObject({ seq: seq + 1 });
  expect(book.ask).toBeGreaterThan(ask);
  expect(book.bid).toBeGreaterThan(bid);
});

test('a trade takes from what is shown, and a size that is used up comes back', () => {
  const book = openBook({ price: 5_000, relativeVol: 1 }, '1', 0);
  const { seq } = book;
  const shown = book.shown('buy');
  book.take('buy', shown - 1);
  expect(book).toMatchObject({ askQty: 1, seq: seq + 1 });
  book.take('buy', 1);
  expect(book.askQty).toBeGreaterThanOrEqual(100);
});

test('a change that ends where it began is no change: bookSeq stays', () => {
  const book = openBook({ price: 5_000, relativeVol: 1 }, '1', 500); // ten size changes a step
  let refills = 0;
  for (let i = 0; i < 2_000; i++) {
    const before = { qty: book.bidQty, seq: book.seq };
    book.take('sell', book.bidQty);
    if (book.bidQty === before.qty) refills++;
    expect(book.seq).toBe(before.seq + (book.bidQty === before.qty ? 0 : 1));
    const { bidQty, askQty, seq } = book;
    book.step();
    expect(book.seq).toBe(seq + (book.bidQty === bidQty && book.askQty === askQty ? 0 : 1));
  }
  expect(refills).toBeGreaterThan(100);
});

/** A real book around a price that the test moves. */
function openBook(path: { price: number; relativeVol: number }, seed: string, load = 1): TopOfBook {
  const rng = (name: string) => createRng(seed, name);
  return new TopOfBook(findInstrument('BAC')!, path as PricePath, { dtSec: 0.1, load }, rng);
}

function meanOver(shape: (u: number) => number): number {
  return meanOf(Array.from({ length: 100_000 }, (_, i) => shape((i + 0.5) / 100_000)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
