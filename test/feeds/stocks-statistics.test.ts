import { expect, test } from 'vitest';
import { findInstrument } from '../../feeds/stocks/instruments.ts';
import { MarketFactors, type RngSource } from '../../feeds/stocks/market-factors.ts';
import { modelC, type PriceParameters, sessionSec } from '../../feeds/stocks/price-parameters.ts';
import { PricePath } from '../../feeds/stocks/price-path.ts';
import { TopOfBook } from '../../feeds/stocks/top-of-book.ts';
import { createRng } from '../../src/feed/random.ts';

/** Three sectors, two symbols each. */
const symbols = ['AAPL', 'MSFT', 'JPM', 'V', 'XOM', 'CVX'];
const sessions = 20;
const minutes = sessionSec / 60;
const gbm: PriceParameters = { ...modelC, marketVol: [], symbolVol: [], jumpsPerSession: 0 };

const seeds = ['a', 'b', 'c'];
const returnsOf = new Map(seeds.map((seed) => [seed, minuteReturns(seed, modelC)]));

for (const [seed, returns] of returnsOf) {
  const flat = returns.map(deseasonalised);

  test(`seed ${seed}: one-minute returns have fat tails`, () => {
    const kurtosis = median(flat.map(excessKurtosis));
    expect(kurtosis).toBeGreaterThan(1.5);
    expect(kurtosis).toBeLessThan(20);
  });

  test(`seed ${seed}: volatility clusters over twenty minutes`, () => {
    expect(median(flat.map((one) => Math.min(...lagged(one.map(Math.abs)))))).toBeGreaterThan(0.08);
  });

  test(`seed ${seed}: returns do not predict each other`, () => {
    expect(Math.abs(median(returns.map((one) => autocorrelation(one, 1))))).toBeLessThan(0.06);
    expect(median(returns.map((one) => mean(lagged(one).map(Math.abs))))).toBeLessThan(0.035);
  });

  test(`seed ${seed}: symbols of one sector move together more than those of two`, () => {
    const same = mean(
      pairs()
        .filter(isSameSector)
        .map(([i, j]) => correlation(returns[i]!, returns[j]!)),
    );
    const cross = mean(
      pairs()
        .filter((pair) => !isSameSector(pair))
        .map(([i, j]) => correlation(returns[i]!, returns[j]!)),
    );
    expect(same).toBeGreaterThan(0.15);
    expect(same).toBeLessThan(0.8);
    expect(cross).toBeGreaterThan(0.08);
    expect(cross).toBeLessThan(0.6);
    expect(same - cross).toBeGreaterThan(0.05);
  });
}

test('the measures tell the model from geometric Brownian motion, which has no fat tails and no clusters', () => {
  const flat = minuteReturns('a', gbm).map(deseasonalised);

  expect(median(flat.map(excessKurtosis))).toBeLessThan(0.5);
  expect(median(flat.map((one) => Math.min(...lagged(one.map(Math.abs)))))).toBeLessThan(0.05);
});

test('a session has the daily volatility of its symbol', () => {
  const sums = [...returnsOf.values()].map(([one]) => one!.reduce((sum, r) => sum + r * r, 0));
  const daily = Math.sqrt(mean(sums) / sessions);
  expect(daily / findInstrument('AAPL')!.dailyVol).toBeGreaterThan(0.75);
  expect(daily / findInstrument('AAPL')!.dailyVol).toBeLessThan(1.3);
});

test('prices neither sink nor fly in two simulated years: leverage does not bias the drift', () => {
  const ratios: number[] = [];
  for (const seed of seeds) ratios.push(...finalRatios(seed, 504));
  expect(Math.min(...ratios)).toBeGreaterThan(0.2);
  expect(Math.max(...ratios)).toBeLessThan(5);
  expect(median(ratios)).toBeGreaterThan(0.6);
  expect(median(ratios)).toBeLessThan(1.6);
});

/** One-minute log returns of the mid quote, a list for each symbol, at steps of five seconds. */
function minuteReturns(seed: string, parameters: PriceParameters): number[][] {
  const dtSec = 5;
  const { factors, paths, books } = build(seed, parameters, dtSec);
  const returns: number[][] = symbols.map(() => []);
  let before = books.map(mid);
  for (let step = 1; step <= (sessions * sessionSec) / dtSec; step++) {
    factors.step((((step - 1) * dtSec) % sessionSec) / sessionSec);
    for (const path of paths) path.step();
    for (const book of books) book.step();
    if ((step * dtSec) % 60 !== 0) continue;
    const now = books.map(mid);
    for (const [i, one] of returns.entries()) one.push(Math.log(now[i]! / before[i]!));
    before = now;
  }
  return returns;
}

function finalRatios(seed: string, days: number): number[] {
  const dtSec = 60;
  const { factors, paths } = build(seed, modelC, dtSec);
  const starts = paths.map((path) => path.price);
  for (let step = 0; step < (days * sessionSec) / dtSec; step++) {
    factors.step(((step * dtSec) % sessionSec) / sessionSec);
    for (const path of paths) path.step();
  }
  return paths.map((path, i) => path.price / starts[i]!);
}

function build(seed: string, parameters: PriceParameters, dtSec: number) {
  const rng: RngSource = (name) => createRng(seed, name);
  const factors = new MarketFactors(parameters, dtSec, rng);
  const listed = symbols.map((symbol) => findInstrument(symbol)!);
  const paths = listed.map((instrument) => new PricePath(instrument, factors, rng));
  const books = listed.map((instrument, i) => new TopOfBook(instrument, paths[i]!, { dtSec, load: 1 }, rng));
  return { factors, paths, books };
}

function mid(book: TopOfBook): number {
  return (book.bid + book.ask) / 2;
}

/** Divided by the smoothed mean absolute return of that minute of the day. */
function deseasonalised(returns: readonly number[]): number[] {
  const profile = new Array<number>(minutes).fill(0);
  for (const [i, r] of returns.entries()) profile[i % minutes]! += Math.abs(r) / sessions;
  const smooth = profile.map((_, i) => mean(profile.slice(Math.max(0, i - 7), i + 8)));
  return returns.map((r, i) => r / smooth[i % minutes]!);
}

function excessKurtosis(values: readonly number[]): number {
  const centre = mean(values);
  const variance = mean(values.map((value) => (value - centre) ** 2));
  return mean(values.map((value) => (value - centre) ** 4)) / variance ** 2 - 3;
}

function lagged(values: readonly number[]): number[] {
  return Array.from({ length: 20 }, (_, i) => autocorrelation(values, i + 1));
}

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values);
  let shared = 0;
  let total = 0;
  for (const [i, value] of values.entries()) {
    total += (value - centre) ** 2;
    if (i >= lag) shared += (value - centre) * (values[i - lag]! - centre);
  }
  return shared / total;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  const varianceA = mean(a.map((value) => (value - meanA) ** 2));
  const varianceB = mean(b.map((value) => (value - meanB) ** 2));
  return covariance / Math.sqrt(varianceA * varianceB);
}

function pairs(): [number, number][] {
  return symbols.flatMap((_, i) => symbols.slice(i + 1).map((_, k): [number, number] => [i, i + 1 + k]));
}

function isSameSector([i, j]: [number, number]): boolean {
  return findInstrument(symbols[i]!)!.sector === findInstrument(symbols[j]!)!.sector;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
