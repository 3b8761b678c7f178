import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { stocks } from '../../feeds/stocks/index.ts';
import type {
  barMessage,
  instrumentMessage,
  quoteMessage,
  tickerMessage,
  tradeMessage,
} from '../../feeds/stocks/messages.ts';
import type { FeedContext } from '../../src/feed/define-feed.ts';
import { createRng } from '../../src/feed/random.ts';
import { digest, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2025, 5, 16, 14, 59, 30) * 1000;
const stormy = {
  ...{ symbols: ['AAPL', 'BAC', 'BRK-B', 'SIM-00007'], load: 'busy', speed: 4 },
  ...{ pastMin: 0, scenario: 'calm' }, // both have tests of their own
};

describe.each(['1', '2', '3'])('with seed %s, the topics agree with each other', (seed) => {
  const run = once(() => record(stormy, seed, 155_000));

  test('nothing that is published is rejected, and all of it is there', async () => {
    const { published, rejected } = await runInVirtualTime(stocks, { config: stormy, seed, from, forMs: 150_000 });
    expect(rejected).toEqual([]);
    for (const kind of ['quote', 'trade', 'bar.now', 'ticker', 'book']) {
      expect(published.filter(({ topic }) => topic.endsWith(`.${kind}`)).length).toBeGreaterThan(100);
    }
  });

  test('the ask is above the bid, sizes are positive and bookSeq counts the changes', async () => {
    for (const quotes of bySymbol(await run(), 'quote').map((list) => list.map(({ data }) => data))) {
      const isBad = (quote: Row) =>
        !(quote.ask > quote.bid && quote.bid >= 0.01 && quote.bidQty > 0 && quote.askQty > 0);
      expect(quotes.filter(isBad)).toEqual([]);
      expect(quotes.map(({ bookSeq }) => bookSeq)).toEqual(quotes.map((_, i) => i + 1));
    }
  });

  test('no quote repeats the one before it', async () => {
    for (const quotes of bySymbol(await run(), 'quote')) {
      const shown = quotes.map(({ data }) => JSON.stringify({ ...data, bookSeq: 0 }));
      expect(shown.filter((text, i) => text === shown[i - 1])).toEqual([]);
    }
  });

  test('each trade takes what the quote before it shows, at its price', async () => {
    const quotes = new Map<string, Row>();
    const bad: unknown[] = [];
    for (const { topic, data } of await run()) {
      const symbol = topic.split('.')[2]!;
      if (topic.endsWith('.quote')) quotes.set(symbol, data);
      if (!topic.endsWith('.trade')) continue;
      const quote = quotes.get(symbol)!;
      const [px, shown] = data.side === 'buy' ? [quote.ask, quote.askQty] : [quote.bid, quote.bidQty];
      const isOdd = data.cond?.[0] === 'odd';
      const isGood = data.px === px && data.qty > 0 && data.qty <= shown && isOdd === data.qty < 100;
      if (!isGood) bad.push({ symbol, data, quote });
    }
    expect(bad).toEqual([]);
  });

  test('trade ids have no gaps', async () => {
    for (const trades of bySymbol(await run(), 'trade')) {
      expect(trades.map(({ data }) => data.id)).toEqual(trades.map((_, i) => i + 1));
    }
  });

  test('each closed bar is the exact fold of its trades, and each interval with trades has one', async () => {
    const published = await run();
    const bars = bySymbol(published, 'bar.1m');
    for (const [i, trades] of bySymbol(published, 'trade').entries()) {
      const closed = bars[i]!.map(({ data }) => data);
      const done = trades.filter(({ ts }) => minuteOf(ts) < minuteOf(from + 150_000_000));
      expect(closed.length).toBe(3); // 30 s, a whole minute, and the minute that ends just before the run
      expect(closed).toEqual(foldMinutes(done));
    }
  });

  test('an open bar is the fold of the trades so far, at most once a second', async () => {
    const trades = new Map<string, Published[]>(stormy.symbols.map((symbol) => [symbol, []]));
    const open: Published[] = [];
    const folds: unknown[] = [];
    for (const one of await run()) {
      const soFar = trades.get(one.topic.split('.')[2]!);
      if (one.topic.endsWith('.trade')) soFar!.push(one);
      if (!one.topic.endsWith('.bar.now')) continue;
      open.push(one);
      folds.push({ ...foldMinutes(soFar!.filter(({ ts }) => minuteOf(ts) === one.data.start))[0], closed: false });
    }
    expect(open.map(({ data }) => data)).toEqual(folds);
    expect(new Set(open.map(({ topic, ts }) => `${topic} ${Math.floor(ts / 1e6)}`)).size).toBe(open.length);
  });

  test('the ticker comes once a second and sums up the day', async () => {
    const published = await run();
    const trades = bySymbol(published, 'trade');
    for (const [i, tickers] of bySymbol(published, 'ticker').entries()) {
      expect(tickers.slice(2).every(({ ts }, k) => ts - tickers[k + 1]!.ts === 1e6)).toBe(true);
      const isBad = ({ data: { high, low, open, last } }: Published) =>
        high < Math.max(open, last) || low > Math.min(open, last);
      expect(tickers.filter(isBad)).toEqual([]);
      const final = tickers.at(-1)!;
      const before = trades[i]!.filter(({ ts }) => ts <= final.ts);
      expect(final.data.n).toBe(before.length);
      expect(final.data.vol).toBe(sum(before.map(({ data }) => data.qty)));
      expect(final.data.last).toBe(before.at(-1)!.data.px);
      expect(final.data.turnover).toBe(sum(before.map(({ data }) => cents(data.px) * data.qty)) / 100);
    }
  });

  test('event time never runs backwards on a topic', async () => {
    const last = new Map<string, number>();
    const late = (await run()).filter(({ topic, ts }) => {
      const before = last.get(topic) ?? from;
      last.set(topic, ts);
      return ts < before;
    });
    expect(late).toEqual([]);
  });
});

test('an interval without trades has no bar', async () => {
  const published = await record({ symbols: ['GS'], load: 'calm', pastMin: 0, scenario: 'calm' }, '5', 3_600_000);
  const traded = new Set(published.filter(({ topic }) => topic.endsWith('.trade')).map(({ ts }) => minuteOf(ts)));
  const barred = new Set(published.filter(({ topic }) => topic.endsWith('.1m')).map(({ data }) => data.start));

  expect(traded.size).toBeGreaterThan(10);
  expect(traded.size).toBeLessThan(60);
  expect(barred).toEqual(traded);
});

test('at midnight the ticker starts a new day from the last price', async () => {
  const lateEvening = Date.UTC(2025, 5, 16, 23, 59, 0) * 1000;
  const config = { symbols: ['AAPL'], load: 'stress', pastMin: 0 };
  const { published } = await runInVirtualTime(stocks, { config, seed: '1', from: lateEvening, forMs: 120_000 });
  const days = (published as Published[]).filter(({ topic }) => topic.endsWith('.ticker')).map(({ data }) => data);
  const turn = days.findIndex((day, i) => i > 0 && day.vol < days[i - 1]!.vol);

  expect(turn).toBeGreaterThan(50);
  expect(days[turn - 1]!.prevClose).toBe(187.5);
  expect(days[turn]!.prevClose).not.toBe(187.5);
  expect(days.slice(turn).every((day) => day.prevClose === days[turn]!.prevClose)).toBe(true);
});

test('each symbol is a row of the instruments, published once, and has a quote and a ticker from the start', async () => {
  const published = await record({}, '1', 1_000);
  const rows = published.filter(({ topic }) => topic === 'market.sim.instruments');

  expect(rows.length).toBe(65);
  expect(rows.every(({ key, data, ts }) => key === data.symbol && ts === from)).toBe(true);
  expect(new Set(rows.map(({ data }) => data.sector)).size).toBeGreaterThanOrEqual(5);
  expect(rows[0]!.data).toEqual({
    ...{ symbol: 'AAPL', venue: 'sim', base: null, quote: null, type: 'equity', sector: 'technology', currency: 'USD' },
    ...{ pxScale: 2, qtyScale: 0, tick: 0.01, lot: 100, session: '24x7', ref: 187.5 },
    name: 'Apple Inc.',
  });
  for (const kind of ['quote', 'ticker']) {
    const topics = published.filter(({ topic, ts }) => ts === from && topic.endsWith(`.${kind}`));
    expect(new Set(topics.map(({ topic }) => topic)).size).toBe(65);
  }
});

describe('the same numbers every time', () => {
  test('one seed gives one stream, another seed another', async () => {
    const [a, again, b] = [await record({}, 'a', 20_000), await record({}, 'a', 20_000), await record({}, 'b', 20_000)];
    expect(digest(again)).toBe(digest(a));
    expect(digest(b)).not.toBe(digest(a));
  });

  test('a symbol publishes the same whatever else is listed, and in whatever order', async () => {
    const alone = await record({ symbols: ['MSFT', 'KO'] }, '1', 60_000);
    const crowded = await record({ symbols: ['XOM', 'KO', 'AAPL', 'MSFT', 'SIM-00001'] }, '1', 60_000);
    for (const symbol of ['MSFT', 'KO']) {
      expect(digest(ofSymbol(crowded, symbol))).toBe(digest(ofSymbol(alone, symbol)));
    }
  });

  test('it does not matter how many steps one tick has to make up for', () => {
    const bySteps = drive(1);
    expect(bySteps.length).toBeGreaterThan(300);
    expect(drive(7)).toEqual(bySteps);
    expect(drive(50)).toEqual(bySteps);
  });

  test('the load profile changes how much is traded, not the prices', async () => {
    const calm = await record({ symbols: ['NVDA'], load: 'calm' }, '1', 60_000);
    const stress = await record({ symbols: ['NVDA'], load: 'stress' }, '1', 60_000);
    const trades = (run: Published[]) => run.filter(({ topic }) => topic.endsWith('.trade')).length;

    expect(trades(stress)).toBeGreaterThan(100 * trades(calm));
    expect(pricePath(stress)).toEqual(pricePath(calm));
    expect(pricePath(calm).length).toBeGreaterThan(10);
  });
});

test('a market opened between two beats steps on the beat, and nothing happens before it is open', async () => {
  const between = from + 12_345;
  const { published } = await runInVirtualTime(stocks, {
    config: { pastMin: 0 },
    seed: '1',
    from: between,
    forMs: 1_000,
  });
  const times = [...new Set(published.map(({ ts }) => ts))];
  expect(times.slice(0, 2)).toEqual([between, from + 100_000]);
  expect(times.slice(1).every((ts) => ts % 100_000 === 0)).toBe(true);
});

test('after a pause too long to make up for, the market goes on from now and says so', () => {
  const warnings: string[] = [];
  const { publish, tickAt } = handDriven((message) => warnings.push(message));
  tickAt(from + 100_000);
  publish.length = 0;
  tickAt(from + 3_600_000_000);

  expect(warnings).toEqual([expect.stringContaining('left out')]);
  expect(Math.min(...publish.filter(({ topic }) => topic.endsWith('.quote')).map(({ ts }) => ts))).toBeGreaterThan(
    from + 3_589_000_000,
  );
});

/** The messages of all topics in one; a test reads the fields of its own. */
type Row = z.output<typeof quoteMessage> &
  z.output<typeof tradeMessage> &
  z.output<typeof barMessage> &
  z.output<typeof tickerMessage> &
  z.output<typeof instrumentMessage>;
type Published = { topic: string; ts: number; key?: string; data: Row };

async function record(config: object, seed: string, forMs: number): Promise<Published[]> {
  const { published, rejected } = await runInVirtualTime(stocks, { config, seed, from, forMs });
  expect(rejected).toEqual([]);
  return published as Published[];
}

/** The feed as its runtime drives it, with ticks at chosen times. */
function handDriven(warn: (message: string) => void = () => {}) {
  let now = from;
  const publish: Published[] = [];
  const context = {
    config: stocks.config.parse({ symbols: ['AAPL', 'XOM'] }),
    publish: (topic: string, data: Row, { ts }: { ts: number }) => publish.push({ topic, ts, data }),
    remove: (topic: string, key: string, { ts }: { ts: number }) => publish.push({ topic, ts, key, data: {} as Row }),
    rng: (name = '') => createRng('1', name),
    clock: { now: () => now },
    log: { warn },
  } as unknown as FeedContext;
  const state = stocks.setup(context);
  const tickAt = (ts: number) => {
    now = ts;
    stocks.tick(context, state);
  };
  return { publish, tickAt };
}

/** 35 s of steps of 100 ms, a tick every `stepsPerTick`. */
function drive(stepsPerTick: number): Published[] {
  const { publish, tickAt } = handDriven();
  for (let step = stepsPerTick; step <= 350; step += stepsPerTick) tickAt(from + step * 100_000);
  return publish;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function bySymbol(published: readonly Published[], kind: string): Published[][] {
  return stormy.symbols.map((symbol) => published.filter(({ topic }) => topic === `market.sim.${symbol}.${kind}`));
}

function ofSymbol(published: readonly Published[], symbol: string): Published[] {
  return published.filter(({ topic, key }) => key === symbol || topic.startsWith(`market.sim.${symbol}.`));
}

function pricePath(published: readonly Published[]): string[] {
  const prices = published
    .filter(({ topic }) => topic.endsWith('.quote'))
    .map(({ ts, data }) => ({ ts, px: `${data.bid}/${data.ask}` }));
  return prices.filter(({ px }, i) => px !== prices[i - 1]?.px).map(({ ts, px }) => `${ts} ${px}`);
}

/** Closed bars from trades, written down as plainly as possible. */
function foldMinutes(trades: readonly Published[]): object[] {
  const minutes = [...new Set(trades.map(({ ts }) => minuteOf(ts)))];
  return minutes.map((start) => {
    const inside = trades.filter(({ ts }) => minuteOf(ts) === start).map(({ data }) => data);
    const prices = inside.map(({ px }) => px);
    const v = sum(inside.map(({ qty }) => qty));
    const turnover = sum(inside.map(({ px, qty }) => cents(px) * qty));
    const range = { o: prices[0], h: Math.max(...prices), l: Math.min(...prices), c: prices.at(-1) };
    return { start, ...range, v, n: inside.length, vwap: Math.round((turnover * 100) / v) / 1e4, closed: true };
  });
}

function minuteOf(ts: number): number {
  return Math.floor(ts / 60e6) * 60e6;
}

function cents(price: number): number {
  return Math.round(price * 100);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
