/** What the page shows, and where: each section says which topics are its own and how they read as rows. */

import { bytes, clockTime, field, fixed, numberIn, signed, summary } from './format.ts';

/** One publication, as the page needs it. `data` is undefined when the row `key` was removed. */
export type Update = {
  readonly topic: string;
  readonly data: unknown;
  readonly key: string | undefined;
  readonly ts: number;
};

/** `value` decides whether a change is up or down. */
export type Cell = { readonly text: string; readonly value?: number | undefined };
export type Row = { readonly key: string; readonly cells: Readonly<Record<string, Cell>> };

export type Column = { readonly id: string; readonly title: string; readonly look?: 'number' | 'wrap' | 'wide' };

export type Section = {
  readonly title: string;
  /** Takes the room of two where there is room. */
  readonly isBroad?: boolean;
  /** `name`: a row for each key, in the order of keys. `newest`: what came last is on top. */
  readonly order: 'name' | 'newest';
  readonly maxRows: number;
  readonly columns: readonly Column[];
  /** Undefined: another section's. No rows: ours, but not shown. */
  rows(update: Update, segments: readonly string[]): readonly Row[] | undefined;
};

const number = (id: string, title: string): Column => ({ id, title, look: 'number' });
const text = (id: string, title: string): Column => ({ id, title });
const figure = (value: unknown, digits: number): Cell => ({ text: fixed(value, digits), value: numberIn(value) });

/** A price of 0 says that this side of the book is empty. */
const price = (value: unknown): Cell => (value === 0 ? { text: '–' } : figure(value, 2));

const markets: Section = {
  title: 'Markets',
  order: 'name',
  maxRows: 100,
  columns: [
    text('symbol', 'Symbol'),
    number('bid', 'Bid'),
    number('ask', 'Ask'),
    number('last', 'Last'),
    number('change', 'Day %'),
    number('volume', 'Volume'),
  ],
  rows({ data }, [root, venue, symbol, what]) {
    if (root !== 'market') return undefined;
    const read = marketCells.get(what ?? '');
    if (venue === undefined || symbol === undefined || read === undefined) return [];
    return [{ key: `${symbol} ${venue}`, cells: { symbol: { text: symbol }, ...read(data) } }];
  },
};

const marketCells = new Map<string, (data: unknown) => Record<string, Cell>>([
  ['quote', (data) => ({ bid: price(field(data, 'bid')), ask: price(field(data, 'ask')) })],
  ['trade', (data) => ({ last: figure(field(data, 'px'), 2) })],
  [
    'ticker',
    (data) => ({
      last: figure(field(data, 'last'), 2),
      change: { text: signed(field(data, 'changePct'), 2), value: numberIn(field(data, 'changePct')) },
      volume: { text: fixed(field(data, 'vol'), 0) },
    }),
  ],
]);

const host: Section = {
  title: 'Host',
  order: 'name',
  maxRows: 60,
  columns: [text('what', 'Reading'), number('value', 'Now'), text('host', 'Host')],
  rows({ data }, [root, name = '', what = '', part]) {
    if (root !== 'host') return undefined;
    const read = hostReadings.get(what);
    const readings = read === undefined ? { [what]: { text: summary(data) } } : read(data, part ?? '');
    return Object.entries(readings).map(([title, value]) => ({
      key: `${title} ${name}`,
      cells: { what: { text: title }, value, host: { text: name } },
    }));
  },
};

type Readings = Record<string, Cell>;
const perSecond = (value: unknown): string => `${bytes(value)}/s`;
const percent = (value: unknown): Cell => ({ text: `${fixed(value, 1)} %`, value: numberIn(value) });

const hostReadings = new Map<string, (data: unknown, part: string) => Readings>([
  ['cpu', (data) => ({ 'CPU busy': percent((numberIn(field(data, 'total')) ?? Number.NaN) * 100) })],
  ['load', (data) => ({ Load: { text: ['l1', 'l5', 'l15'].map((name) => fixed(field(data, name), 2)).join('  ') } })],
  [
    'memory',
    (data) => ({
      'Memory used': percent(field(data, 'usedPct')),
      'Memory in all': { text: bytes(field(data, 'total')) },
    }),
  ],
  [
    'pressure',
    (data) => ({ 'CPU pressure': percent(field(data, 'cpuSome')), 'I/O pressure': percent(field(data, 'ioSome')) }),
  ],
  [
    'process',
    (data) => ({
      'Server CPU': percent(field(data, 'cpuPct')),
      'Server memory': { text: bytes(field(data, 'rss')) },
      'Server loop p99': { text: `${fixed(field(data, 'eventLoopP99Ms'), 2)} ms` },
    }),
  ],
  ['disk', (data, disk) => ({ [`Disk ${disk}`]: { text: inAndOut(data, 'readBps', 'writeBps', ['read', 'write']) } })],
  ['fs', (data, mount) => ({ [`Space ${mount}`]: percent(field(data, 'usedPct')) })],
  ['net', (data, name) => ({ [`Network ${name}`]: { text: inAndOut(data, 'rxBps', 'txBps', ['in', 'out']) } })],
]);

function inAndOut(data: unknown, first: string, second: string, [one, two]: readonly [string, string]): string {
  return `${one} ${perSecond(field(data, first))}  ${two} ${perSecond(field(data, second))}`;
}

const weather: Section = {
  title: 'Weather',
  order: 'name',
  maxRows: 80,
  columns: [
    text('station', 'Station'),
    number('t', '°C'),
    number('rh', 'Humidity %'),
    number('wind', 'Wind m/s'),
    number('p', 'hPa'),
    number('rain', 'Rain mm/h'),
  ],
  rows({ data }, [root, source = '', station = '', what]) {
    if (root !== 'weather' || source === 'replay') return undefined;
    if (what !== 'obs') return [];
    const cells = {
      station: { text: station },
      t: figure(field(data, 't'), 1),
      rh: figure(field(data, 'rh'), 0),
      wind: figure(field(data, 'wind'), 1),
      p: figure(field(data, 'slp'), 1),
      rain: figure(field(data, 'precip1h'), 1),
    };
    return [{ key: `${station} ${source}`, cells }];
  },
};

const iot: Section = {
  title: 'IoT',
  order: 'name',
  maxRows: 120,
  columns: [text('device', 'Device'), text('metric', 'Metric'), number('value', 'Now')],
  rows({ data }, [root, site = '', device = '', what, metric = '']) {
    if (root !== 'iot') return undefined;
    if (what === 'event') return undefined;
    if (what !== 'm') return [];
    const value = field(data, 'v');
    const shown = typeof value === 'number' ? { text: summary(value), value } : { text: summary(value) };
    const name = `${site}.${device}`;
    return [
      {
        key: `${name} ${metric}`,
        cells: { device: { text: name }, metric: { text: metric }, value: shown },
      },
    ];
  },
};

const replay: Section = {
  title: 'Replay and events',
  isBroad: true,
  order: 'newest',
  maxRows: 25,
  columns: [
    text('at', 'Time'),
    { id: 'topic', title: 'Topic', look: 'wrap' },
    { id: 'what', title: 'What', look: 'wide' },
  ],
  rows({ topic, data, ts }, segments) {
    const [root, second] = segments;
    const isRecent = root === 'quake' || (root === 'weather' && second === 'replay') || segments.at(-1) === 'event';
    if (!isRecent) return undefined;
    const cells = { at: { text: clockTime(ts) }, topic: { text: topic }, what: { text: event(data) } };
    return [{ key: `${topic} ${ts} ${summary(field(data, 'id'))}`, cells }];
  },
};

/** Earthquakes and device events carry a sentence; everything else is told field by field. */
function event(data: unknown): string {
  const sentence = field(data, 'text');
  if (typeof sentence === 'string') return summary(sentence);
  const place = field(data, 'place');
  return typeof place === 'string' ? `M ${fixed(field(data, 'mag'), 1)}  ${summary(place)}` : summary(data);
}

const others: Section = {
  title: 'Other topics',
  isBroad: true,
  order: 'name',
  maxRows: 100,
  columns: [
    { id: 'topic', title: 'Topic', look: 'wrap' },
    { id: 'value', title: 'Now', look: 'wide' },
    text('at', 'At'),
  ],
  rows({ topic, data, key, ts }) {
    const name = key === undefined ? topic : `${topic} [${key}]`;
    const what = data === undefined ? '(removed)' : summary(data);
    return [{ key: name, cells: { topic: { text: name }, value: { text: what }, at: { text: clockTime(ts) } } }];
  },
};

/** In the order of the page. The first one that knows a topic shows it; the last one knows them all. */
export const sections: readonly Section[] = [markets, host, weather, iot, replay, others];
