import { expect, test } from 'vitest';
import { type Row, sections } from '../../src/dashboard/sections.ts';

test('each topic of the built-in feeds is shown in its section', () => {
  expect(titleOf('market.sim.AAPL.quote')).toBe('Markets');
  expect(titleOf('host.vm.net.eth0')).toBe('Host');
  expect(titleOf('weather.sim.EDDB.obs')).toBe('Weather');
  expect(titleOf('weather.replay.Seattle.day')).toBe('Replay and events');
  expect(titleOf('quake.usgs.event')).toBe('Replay and events');
  expect(titleOf('iot.berlin.pump-01.m.speed')).toBe('IoT');
  expect(titleOf('iot.berlin.pump-01.event')).toBe('Replay and events');
  expect(titleOf('room.lobby')).toBe('Other topics');
  expect(titleOf('market')).toBe('Markets');
});

test('quote, trade and ticker of a symbol share its row', () => {
  const [quote] = rowsOf('market.sim.AAPL.quote', { bid: 187.23, ask: 187.25 });
  const [trade] = rowsOf('market.sim.AAPL.trade', { px: 187.25 });
  const [ticker] = rowsOf('market.sim.AAPL.ticker', { last: 187.25, changePct: -0.5, vol: 100 });
  expect(new Set([quote?.key, trade?.key, ticker?.key]).size).toBe(1);
  expect(quote?.cells.bid).toEqual({ text: (187.23).toLocaleString(), value: 187.23 });
  expect(trade?.cells.last?.value).toBe(187.25);
  expect(ticker?.cells.change?.value).toBe(-0.5);
});

test('an empty side of the book is no price', () => {
  expect(rowsOf('market.sim.AAPL.quote', { bid: 0, ask: 187.25 })[0]?.cells.bid).toEqual({ text: '–' });
});

test('the same symbol on two venues has two rows', () => {
  const keys = ['market.sim.AAPL.quote', 'market.xnas.AAPL.quote'].map((topic) => rowsOf(topic, {})[0]?.key);
  expect(new Set(keys).size).toBe(2);
});

test('a row of a keyed topic that was removed says so', () => {
  const [row] = rowsOf('room.members', undefined, 'ada');
  expect([row?.cells.topic?.text, row?.cells.value?.text]).toEqual(['room.members [ada]', '(removed)']);
});

test('nothing that arrives under a known name breaks a section', () => {
  const topics = [
    'market.sim.A.quote',
    'market.sim.A.ticker',
    'host.a.cpu',
    'host.a.net.b',
    'host',
    'weather.sim.A.obs',
    'iot.a.b.m.c',
    'quake.x',
    'x',
  ];
  for (const topic of topics) {
    for (const data of [null, undefined, 7, 'text', [], {}, { bid: {}, v: [], total: 'x' }]) {
      for (const row of rowsOf(topic, data))
        for (const { text } of Object.values(row.cells)) expect(text).toBeTypeOf('string');
    }
  }
});

function titleOf(topic: string): string | undefined {
  return sections.find(
    (section) => section.rows({ topic, data: {}, key: undefined, ts: 0 }, topic.split('.')) !== undefined,
  )?.title;
}

function rowsOf(topic: string, data: unknown, key?: string): readonly Row[] {
  for (const section of sections) {
    const rows = section.rows({ topic, data, key, ts: 0 }, topic.split('.'));
    if (rows !== undefined) return rows;
  }
  return [];
}
