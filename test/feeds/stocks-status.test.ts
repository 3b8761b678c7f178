import { describe, expect, test } from 'vitest';
import { stocks } from '../../feeds/stocks/index.ts';
import { ReferencePrice } from '../../feeds/stocks/reference-price.ts';
import { TradingStatus } from '../../feeds/stocks/trading-status.ts';
import { type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2025, 5, 16, 14, 59, 30) * 1000;
const second = 1e6;
const symbols = ['AAPL', 'BAC', 'SIM-00007'];

type Status = {
  state: 'open' | 'limit' | 'halted' | 'reopening';
  reason: string | null;
  until: number | null;
  bandLow: number | null;
  bandHigh: number | null;
};

describe.each(['halt-demo', 'news-shock', 'flash-crash'])('%s', (scenario) => {
  describe.each(['1', '2', '3'])('with seed %s', (seed) => {
    const run = once(() => record({ symbols, scenario, pastMin: 0, load: 'busy' }, seed, 900_000));

    test('somebody is halted, and trades again after an auction', async () => {
      const published = await run();
      const states = symbols.flatMap((symbol) => statusOf(published, symbol).map(({ data }) => data.state));
      for (const state of ['open', 'halted', 'reopening']) expect(states).toContain(state);
      expect(states.includes('limit')).toBe(scenario === 'flash-crash');
    });

    test('while it is halted nothing trades, and neither quote nor book moves', async () => {
      const still: Published[] = [];
      const standing = new Map<string, boolean>();
      for (const one of await run()) {
        const symbol = one.topic.split('.')[2]!;
        if (one.topic.endsWith('.status')) standing.set(symbol, /halted|reopening/.test((one.data as Status).state));
        else if (/\.(trade|quote|book)$/.test(one.topic) && standing.get(symbol)) still.push(one);
      }
      expect(still).toEqual([]);
    });

    test('nothing trades outside the band', async () => {
      const bands = new Map<string, Status>();
      const outside: Published[] = [];
      for (const one of await run()) {
        const symbol = one.topic.split('.')[2]!;
        if (one.topic.endsWith('.status')) bands.set(symbol, one.data as Status);
        if (!one.topic.endsWith('.trade')) continue;
        const { px } = one.data as { px: number };
        const { bandLow, bandHigh } = bands.get(symbol)!;
        if (bandLow === null || bandHigh === null || px < bandLow || px > bandHigh) outside.push(one);
      }
      expect(outside).toEqual([]);
    });

    test('each state follows from the one before, and lasts until it said', async () => {
      for (const list of symbols.map(async (symbol) => statusOf(await run(), symbol))) {
        const told = await list;
        expect(told[0]).toMatchObject({ ts: from, data: { state: 'open', reason: null, until: null } });
        for (const [i, { ts, data }] of told.slice(1).entries()) {
          const before = told[i]!.data;
          expect(nextStates[before.state]).toContain(data.state);
          if (before.state === 'halted' || before.state === 'reopening') expect(ts).toBe(before.until);
          expect(data.bandLow === null).toBe(data.state === 'halted' || data.state === 'reopening');
          expect((data.until === null) === (data.state === 'open')).toBe(true);
          expect((data.reason === null) === (data.state === 'open')).toBe(true);
        }
      }
    });
  });
});

const nextStates = {
  open: ['open', 'limit', 'halted'],
  limit: ['open', 'halted'],
  halted: ['reopening'],
  reopening: ['open'],
};

test('a demo halts one symbol about once a minute, for 15 s and an auction of 5', async () => {
  const published = await record({ symbols, scenario: 'halt-demo', pastMin: 0 }, '1', 1_800_000);
  const halts = statusOf(published).filter(({ data }) => data.state === 'halted');
  expect(halts.length).toBeGreaterThan(22);
  expect(halts.length).toBeLessThan(38);
  expect(halts.every(({ ts, data }) => data.reason === 'NEWS' && data.until === ts + 15 * second)).toBe(true);
  const auctions = statusOf(published).filter(({ data }) => data.state === 'reopening');
  expect(auctions.every(({ ts, data }) => data.until === ts + 5 * second)).toBe(true);
});

test('a crash leads from the limit to a halt of five minutes, and the price comes back', async () => {
  const published = await record({ symbols: ['MSFT'], scenario: 'flash-crash', pastMin: 0 }, '1', 900_000);
  const states = statusOf(published);
  const limit = states.findIndex(({ data }) => data.state === 'limit');
  const [at, halted, auction, open] = states.slice(limit);
  expect([at, halted, auction, open].map((one) => one?.data.state)).toEqual(['limit', 'halted', 'reopening', 'open']);
  expect(halted!.ts - at!.ts).toBe(15 * second);
  expect(auction!.ts - halted!.ts).toBe(300 * second);
  expect(open!.ts - auction!.ts).toBe(10 * second);
  const quotes = published.filter(({ topic }) => topic.endsWith('.quote'));
  const bidAt = (ts: number) => (quotes.findLast((quote) => quote.ts <= ts)!.data as { bid: number }).bid;
  expect(bidAt(halted!.ts) / bidAt(from)).toBeLessThan(0.955);
  expect(bidAt(open!.ts) / bidAt(from)).toBeGreaterThan(0.98);
});

test('news move the price by about six percent over the halt', async () => {
  const published = await record({ symbols: ['MSFT'], scenario: 'news-shock', pastMin: 0 }, '1', 600_000);
  const halted = statusOf(published).find(({ data }) => data.state === 'halted')!;
  const quotes = published.filter(({ topic }) => topic.endsWith('.quote'));
  const before = quotes.findLast(({ ts }) => ts < halted.ts)!.data as { bid: number };
  const after = quotes.find(({ ts }) => ts > halted.ts)!.data as { bid: number };
  expect(Math.abs(after.bid / before.bid - 1)).toBeGreaterThan(0.05);
});

test('in a normal hour a handful of symbols is halted by news, one at a time; in a calm one none', async () => {
  const hour = { pastMin: 0, book: false, load: 'calm', stepMs: 1000 };
  const halts = async (scenario: string) =>
    statusOf(await record({ ...hour, scenario }, '1', 3_600_000)).filter(({ data }) => data.state === 'halted');
  const normal = await halts('normal');
  expect(normal.length).toBeGreaterThanOrEqual(4);
  expect(normal.length).toBeLessThanOrEqual(9);
  expect(normal.every(({ ts, data }) => data.reason === 'NEWS' && data.until === ts + 60 * second)).toBe(true);
  expect(await halts('calm')).toEqual([]);
});

test('whom a normal day strikes does not hang on who else is listed', async () => {
  const list = { pastMin: 0, book: false, load: 'calm', stepMs: 1000 };
  const all = statusOf(await record(list, '1', 3_600_000));
  const struck = all.find(({ data }) => data.state === 'halted')!.topic.split('.')[2]!;
  const alone = await record({ ...list, symbols: [struck] }, '1', 3_600_000);
  expect(statusOf(alone)).toEqual(all.filter(({ topic }) => topic.includes(`.${struck}.`)));
});

test('bands are told at most every half minute', async () => {
  const published = await record({ symbols, scenario: 'calm', pastMin: 0, load: 'busy' }, '1', 600_000);
  for (const symbol of symbols) {
    const times = statusOf(published, symbol).map(({ ts }) => ts);
    expect(times.length).toBeGreaterThan(15);
    expect(Math.min(...times.slice(1).map((ts, i) => ts - times[i]!))).toBeGreaterThanOrEqual(30 * second);
  }
});

test('the reference is the mean of the trades of five minutes, and stays where there are none', () => {
  const reference = new ReferencePrice(100, 0, second);
  reference.add(110);
  reference.add(120);
  expect(reference.advance(29 * second)).toBe(false);
  expect(reference.advance(30 * second)).toBe(true);
  expect(reference.price).toBe(115);
  for (let slot = 2; slot <= 10; slot++) reference.advance(slot * 30 * second);
  expect(reference.price).toBe(115);
  reference.add(200);
  reference.advance(330 * second);
  expect(reference.price).toBe(200);
  for (let slot = 12; slot <= 40; slot++) reference.advance(slot * 30 * second);
  expect(reference.price).toBe(200);
});

test('a quote that comes back within 15 s is open again; a halt strikes only who is open', () => {
  const status = new TradingStatus(10_000, 0, second);
  const quote = (bid: number) => ({ bid, ask: bid + 2 });
  expect(status.message()).toMatchObject({ state: 'open', bandLow: 95, bandHigh: 105 });
  status.watch(quote(10_499), second);
  expect(status.state).toBe('open');
  status.watch(quote(10_500), second);
  expect(status.message()).toMatchObject({ state: 'limit', reason: 'LULD', until: 16 * second });
  status.halt('NEWS', second, second, second);
  status.advance(16 * second - 1);
  expect(status.state).toBe('limit');
  status.watch(quote(10_000), 16 * second - 1);
  expect(status.message()).toMatchObject({ state: 'open', reason: null, until: null });
  status.watch(quote(9_498), 20 * second);
  status.advance(35 * second);
  expect(status.message()).toEqual({
    ...{ state: 'halted', reason: 'LULD', until: 335 * second, bandLow: null, bandHigh: null },
  });
  status.advance(1e12);
  expect(status.state).toBe('open');
  status.watch(quote(9_499), 1e12);
  expect(status.message()).toMatchObject({ state: 'open', bandLow: 90.25, bandHigh: 99.75 });
});

async function record(config: object, seed: string, forMs: number): Promise<Published[]> {
  const { published, rejected } = await runInVirtualTime(stocks, { config, seed, from, forMs });
  expect(rejected).toEqual([]);
  return published;
}

function statusOf(published: readonly Published[], symbol = ''): { topic: string; ts: number; data: Status }[] {
  const isWanted = ({ topic }: Published) => topic.endsWith('.status') && topic.startsWith(`market.sim.${symbol}`);
  return published.filter(isWanted).map(({ topic, ts, data }) => ({ topic, ts, data: data as Status }));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
