import { describe, expect, test } from 'vitest';
import { stocks } from '../../feeds/stocks/index.ts';
import { type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2025, 5, 16, 14, 59, 30) * 1000;
const minute = 60e6;

type BarData = Record<'start' | 'o' | 'h' | 'l' | 'c' | 'v' | 'n' | 'vwap', number> & { closed: boolean };

describe.each(['1', '2', '3'])('with seed %s', (seed) => {
  const run = once(() => record({ scenario: 'calm' }, seed, 1_000));

  test('the market opens with four hours of closed bars, one for each minute up to the present', async () => {
    const bars = pastOf(await run());
    expect(bars.size).toBe(65);
    for (const list of bars.values()) {
      expect(list.length).toBeGreaterThan(230);
      expect(list.length).toBeLessThanOrEqual(240);
      expect(list.every(({ data, ts }) => data.closed && ts === data.start + minute && ts % minute === 0)).toBe(true);
      const starts = list.map(({ data }) => data.start);
      expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
      expect(starts.at(-1)).toBe(from - (from % minute) - minute);
      expect(starts[0]).toBeGreaterThanOrEqual(from - (from % minute) - 240 * minute);
    }
  });

  test('each of them is a possible fold of trades', async () => {
    const isBad = ({ data: { o, h, l, c, v, n, vwap } }: { data: BarData }) =>
      !(
        l <= Math.min(o, c) &&
        h >= Math.max(o, c) &&
        l > 0 &&
        v >= n &&
        n >= 1 &&
        vwap >= l - 1e-4 &&
        vwap <= h + 1e-4
      );
    for (const list of pastOf(await run()).values()) expect(list.filter(isBad)).toEqual([]);
  });

  test('the last ends where the present begins, and no minute jumps away from the one before', async () => {
    const published = await run();
    const past = pastOf(published);
    for (const { topic, data } of published) {
      if (!topic.endsWith('.quote')) continue;
      const { bid, ask } = data as { bid: number; ask: number };
      const symbol = topic.split('.')[2]!;
      if (past.get(symbol)!.length === 0) continue;
      const { c } = past.get(symbol)!.at(-1)!.data;
      const isFirst = published.find((other) => other.topic === topic)!.data === data;
      if (isFirst) expect(Math.abs(c - (bid + ask) / 2)).toBeLessThanOrEqual(0.0051);
    }
    const gaps = [...past.values()].flatMap((list) =>
      list.slice(1).map(({ data }, i) => Math.abs(Math.log(data.o / list[i]!.data.c))),
    );
    expect(Math.max(...gaps)).toBeLessThan(0.02);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(0.001);
  });

  test('it is a past like the present: as much trading, and as much movement within a minute', async () => {
    const config = { scenario: 'calm', book: false, symbols: 20, stepMs: 200 };
    const published = await record(config, seed, 1_800_000);
    const past = [...pastOf(published).values()].flatMap((list) => list.slice(-30).map(({ data }) => data));
    const present = published
      .filter(({ topic, ts }) => topic.endsWith('.bar.1m') && ts > from)
      .map(({ data }) => data as BarData)
      .filter(({ start }) => start >= from);
    for (const [what, of] of Object.entries(measures)) {
      const ratio = meanOf(past.map(of)) / meanOf(present.map(of));
      expect(ratio, what).toBeGreaterThan(0.6);
      expect(ratio, what).toBeLessThan(1.6);
    }
  });
});

/** One time of day with another is compared, so no more than roughly alike is asked. */
const measures: Record<string, (bar: BarData) => number> = {
  trades: ({ n }) => n,
  'shares a trade': ({ v, n }) => v / n,
  range: ({ h, l, o }) => (h - l) / o,
  move: ({ o, c }) => Math.abs(Math.log(c / o)),
};

test('a symbol has the same past whatever else is listed', async () => {
  const [alone, among] = await Promise.all(
    [['KO'], ['XOM', 'KO', 'SIM-00001']].map((symbols) => record({ symbols, pastMin: 60 }, '1', 100)),
  );
  expect(pastOf(among!).get('KO')).toEqual(pastOf(alone!).get('KO'));
});

test('the ticker of the first moment sums up the bars of today', async () => {
  const config = { symbols: ['AAPL'], scenario: 'calm', pastMin: 1440 };
  const published = await record(config, '1', 100);
  const midnight = Date.UTC(2025, 5, 16) * 1000;
  const bars = pastOf(published)
    .get('AAPL')!
    .map(({ data }) => data);
  const today = bars.filter(({ start }) => start >= midnight);
  const ticker = published.find(({ topic }) => topic.endsWith('.ticker'))!.data as Record<string, number>;
  expect(today.length).toBeLessThan(bars.length);
  expect(ticker).toMatchObject({
    ...{ open: today[0]!.o, last: today.at(-1)!.c, prevClose: bars[bars.length - today.length - 1]!.c },
    ...{ high: Math.max(...today.map(({ h }) => h)), low: Math.min(...today.map(({ l }) => l)) },
    ...{ n: sum(today.map(({ n }) => n)), vol: sum(today.map(({ v }) => v)) },
  });
});

test('with very many symbols the past is shorter, so that the start is not', async () => {
  const config = { symbols: 1_000, pastMin: 1_440, book: false };
  const { published } = await runInVirtualTime(stocks, { config, from, forMs: 1 });
  const perSymbol = [...pastOf(published).values()].map((list) => list.length);
  expect(Math.max(...perSymbol)).toBe(100);
});

function pastOf(published: readonly Published[]): Map<string, { ts: number; data: BarData }[]> {
  const bars = new Map<string, { ts: number; data: BarData }[]>();
  for (const { topic, ts, data } of published) {
    if (!topic.endsWith('.bar.1m') || ts > from) continue;
    const symbol = topic.split('.')[2]!;
    const list = bars.get(symbol) ?? [];
    bars.set(symbol, list);
    list.push({ ts, data: data as BarData });
  }
  return bars;
}

async function record(config: object, seed: string, forMs: number): Promise<Published[]> {
  const { published, rejected } = await runInVirtualTime(stocks, { config, seed, from, forMs });
  expect(rejected).toEqual([]);
  return published;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
