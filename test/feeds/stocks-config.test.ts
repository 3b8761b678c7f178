import { expect, test } from 'vitest';
import { chosenInstruments, stocksConfig } from '../../feeds/stocks/config.ts';
import { findInstrument, firstInstruments, instruments } from '../../feeds/stocks/instruments.ts';
import { topicFault } from '../../src/protocol/topic.ts';

test('with no configuration there are at least 60 symbols of eleven sectors', () => {
  const chosen = chosenInstruments(stocksConfig.parse({}).symbols);
  expect(chosen.length).toBeGreaterThanOrEqual(60);
  expect(new Set(chosen.map(({ sector }) => sector)).size).toBeGreaterThanOrEqual(5);
});

test('symbols are chosen by name or by count', () => {
  expect(chosenInstruments(['KO', 'BRK-B']).map(({ symbol }) => symbol)).toEqual(['KO', 'BRK-B']);
  expect(chosenInstruments(2).map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  expect(chosenInstruments(instruments.length + 2).at(-1)?.symbol).toBe('SIM-00002');
});

test.each([
  [{ symbols: ['AAPL', 'NOPE'] }, 'unknown symbol "NOPE"'],
  [{ symbols: ['SIM-00000'] }, 'unknown symbol "SIM-00000"'],
  [{ symbols: ['aapl'] }, 'symbol "aapl" must be capitals'],
  [{ symbols: ['BRK.B'] }, 'symbol "BRK.B" must be capitals'],
  [{ symbols: ['KO', 'KO'] }, 'symbol "KO" is listed twice'],
  [{ symbols: 0 }, '>=1'],
  [{ symbols: 'KO' }, 'symbols must be a list of names or a count, got "KO"'],
  [{ stepMs: 300 }, 'must divide 1000'],
  [{ symbol: ['KO'] }, 'symbol'],
])('%j is refused, saying why', (config, message) => {
  const { error } = stocksConfig.safeParse(config);
  expect(error?.issues.map((issue) => issue.message).join()).toContain(message);
});

test('every symbol is a topic segment, of one name, and found by it', () => {
  const all = firstInstruments(2_000);
  expect(new Set(all.map(({ symbol }) => symbol)).size).toBe(2_000);
  for (const instrument of all) {
    expect(topicFault(instrument.symbol)).toBeUndefined();
    expect(findInstrument(instrument.symbol)).toEqual(instrument);
  }
});

test('a tick is small against what a price moves in a minute, so that bounce does not drown it', () => {
  for (const { symbol, ref, dailyVol } of firstInstruments(2_000)) {
    expect(ref, symbol).toBeGreaterThanOrEqual(25);
    expect(ref, symbol).toBeLessThanOrEqual(500);
    expect(dailyVol, symbol).toBeGreaterThanOrEqual(0.014);
    expect(dailyVol, symbol).toBeLessThanOrEqual(0.0301);
    expect(0.01 / ((ref * dailyVol) / Math.sqrt(390)), symbol).toBeLessThan(0.25);
  }
});
