import { describe, expect, test } from 'vitest';
import { stocks } from '../../feeds/stocks/index.ts';
import { Ladder } from '../../feeds/stocks/ladder.ts';
import { digest, type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2025, 5, 16, 14, 59, 30) * 1000;
const symbols = ['AAPL', 'BAC', 'LLY', 'SIM-00007'];
const calm = { symbols, pastMin: 0, scenario: 'calm' };

type Level = { side: 'bid' | 'ask'; px: number; qty: number };
type Quote = { bid: number; bidQty: number; ask: number; askQty: number };

describe.each(['1', '2', '3'])('with seed %s', (seed) => {
  test.each([{}, { load: 'busy', speed: 20 }, { load: 'stress' }])(
    'under %j the book is the quote and what rests behind it, at the end of every step',
    async (config) => {
      const { published, rejected } = await runInVirtualTime(stocks, {
        config: { ...calm, ...config },
        seed,
        from,
        forMs: 60_000,
      });
      expect(rejected).toEqual([]);
      for (const symbol of symbols) expect(faultsOf(ofSymbol(published, symbol)).slice(0, 3)).toEqual([]);
    },
  );

  test('it changes what is traded and quoted in nothing', async () => {
    const [having, wanting] = await Promise.all(
      [true, false].map((book) => runInVirtualTime(stocks, { config: { ...calm, book }, seed, from, forMs: 60_000 })),
    );
    const others = having!.published.filter(({ topic }) => !topic.endsWith('.book'));
    expect(digest(others)).toBe(digest(wanting!.published));
    expect(others.length).toBeLessThan(having!.published.length);
  });
});

test('levels behind the best change some four times a second, and hold the most a few ticks away from it', async () => {
  const config = { ...calm, symbols: 20 };
  const { published } = await runInVirtualTime(stocks, { config, seed: '1', from, forMs: 300_000 });
  const tops = new Map<string, Quote>();
  const sizes = Array.from({ length: 10 }, (): number[] => []);
  let resized = 0;
  const rows = new Map<string, number>();
  for (const { topic, key, data } of published) {
    const symbol = topic.split('.')[2]!;
    if (topic.endsWith('.quote')) tops.set(symbol, data as Quote);
    if (!topic.endsWith('.book')) continue;
    const { side, px, qty } = (data ?? {}) as Level;
    const at = `${symbol} ${key}`;
    if (data === undefined) rows.delete(at);
    else {
      const top = tops.get(symbol)!;
      sizes[Math.round(Math.abs(px - (side === 'bid' ? top.bid : top.ask)) * 100)]!.push(qty);
      if (rows.has(at)) resized++;
      rows.set(at, qty);
    }
  }
  expect(resized / 20 / 300).toBeGreaterThan(2);
  expect(resized / 20 / 300).toBeLessThan(8);
  expect(mean(sizes[5]!)).toBeGreaterThan(2 * mean(sizes[0]!));
  expect(sizes[1]!.length).toBeGreaterThan(2 * sizes[6]!.length);
});

test('a ladder tells the prices that are gone before those that are new, and no level twice', () => {
  const told: string[] = [];
  const ladder = new Ladder(-1, (level) => 100 + level);
  const tell = () => {
    told.length = 0;
    ladder.tell((px, qty) => told.push(`${px}:${qty}`));
    return told.join(' ');
  };
  ladder.follow(50, 7);
  expect(tell()).toBe('50:7 49:101 48:102 47:103 46:104 45:105 44:106 43:107 42:108 41:109');
  expect(tell()).toBe('');
  ladder.follow(52, 9);
  expect(tell()).toBe('42:0 41:0 52:9 51:101');
  ladder.follow(49, 5);
  expect(tell()).toBe('52:0 51:0 50:0 49:5 42:107 41:108 40:109');
  ladder.follow(3, 1);
  expect(tell().split(' ').slice(-3)).toEqual(['3:1', '2:101', '1:102']);
  ladder.resize(9);
  expect(tell()).toBe('');
});

/** Rows are looked at wherever event time moves on: then the step is over. */
function faultsOf(published: readonly Published[]): string[] {
  const rows = new Map<string, Level>();
  const faults: string[] = [];
  let quote: Quote | undefined;
  let ts = published[0]!.ts;
  let looks = 0;
  for (const one of published) {
    if (one.ts !== ts) {
      if (one.ts < ts) faults.push('event time runs backwards');
      faults.push(...bookFaults(rows, quote!).map((fault) => `${fault} at ${ts}`));
      looks++;
      ts = one.ts;
    }
    if (one.topic.endsWith('.quote')) quote = one.data as Quote;
    if (!one.topic.endsWith('.book')) continue;
    if (one.removed) {
      if (!rows.delete(one.key!)) faults.push(`${one.key} was removed but was not there`);
    } else {
      if (JSON.stringify(rows.get(one.key!)) === JSON.stringify(one.data)) faults.push(`${one.key} is told twice`);
      rows.set(one.key!, one.data as Level);
    }
  }
  if (looks < 50) faults.push(`only ${looks} looks`);
  return faults;
}

function bookFaults(rows: ReadonlyMap<string, Level>, quote: Quote): string[] {
  const side = (wanted: Level['side']) => [...rows.values()].filter((level) => level.side === wanted);
  const bids = side('bid').toSorted((a, b) => b.px - a.px);
  const asks = side('ask').toSorted((a, b) => a.px - b.px);
  const keyOf = ({ side, px }: Level) => `${side === 'bid' ? 'b' : 'a'}${Math.round(px * 100)}`;
  const rules = {
    'not ten levels a side': bids.length !== 10 || asks.length !== 10,
    'the best bid is not the quote': bids[0]?.px !== quote.bid || bids[0].qty !== quote.bidQty,
    'the best ask is not the quote': asks[0]?.px !== quote.ask || asks[0].qty !== quote.askQty,
    'a price twice': new Set([...bids, ...asks].map(({ px }) => px)).size !== bids.length + asks.length,
    'crossed or locked': !((asks[0]?.px ?? 0) > (bids[0]?.px ?? 0)),
    'nothing for sale': [...bids, ...asks].some(({ qty }) => !(qty > 0)),
    'another key': [...rows].some(([key, level]) => key !== keyOf(level)),
  };
  return Object.entries(rules)
    .filter(([, isBroken]) => isBroken)
    .map(([rule]) => rule);
}

function ofSymbol(published: readonly Published[], symbol: string): Published[] {
  return published.filter(({ topic }) => topic.startsWith(`market.sim.${symbol}.`));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
