import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { replayFile } from '../../feeds/replay/config.ts';
import { replay } from '../../feeds/replay/index.ts';
import { interleave } from '../../feeds/replay/interleave.ts';
import { playFile } from '../../feeds/replay/play-file.ts';
import { expectClean, expectDeterministic, runInVirtualTime } from '../../src/feed/testing.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const from = 1_700_000_000_000_000;

test('out of the box a week of earthquakes plays, oldest first, and the weather of two cities', async () => {
  const run = await runInVirtualTime(replay, { from, forMs: 4000 });
  expectClean(run);
  expect(run.published.slice(0, 2).map(({ topic, ts, data }) => [topic, ts, data])).toEqual([
    [
      'quake.usgs.event',
      from,
      {
        id: 'uw61345682',
        time: 1_517_363_399_650_000,
        place: '37km NNE of Amboy, Washington',
        mag: 0.31,
        magType: 'ml',
        lat: 46.2035,
        lon: -122.197,
        depth: 3.28,
        type: 'earthquake',
        net: 'uw',
        status: 'reviewed',
        sig: 1,
        felt: null,
        alert: null,
        tsunami: false,
        url: 'https://earthquake.usgs.gov/earthquakes/eventpage/uw61345682',
      },
    ],
    [
      'weather.replay.Seattle.day',
      from,
      {
        station: 'Seattle',
        date: '2012-01-01',
        precipitation: 0,
        tempMax: 12.8,
        tempMin: 5,
        wind: 4.7,
        weather: 'drizzle',
      },
    ],
  ]);
  expect(run.published.slice(2).map(({ topic, ts }) => [topic, ts - from])).toEqual([
    ['weather.replay.New-York.day', 0],
    ['weather.replay.Seattle.day', 2_000_000],
    ['weather.replay.New-York.day', 2_000_000],
    ['quake.usgs.event', 2_566_708], // 616.01 s later at 240 times the speed
    ['quake.usgs.event', 2_633_958],
    ['weather.replay.Seattle.day', 4_000_000],
    ['weather.replay.New-York.day', 4_000_000],
  ]);
});

test('the built-in recordings are whole: every row fits, and a newcomer waits a second or two', async () => {
  const hour = await runInVirtualTime(replay, { config: { builtIn: ['earthquakes'] }, forMs: 2_600_000 });
  expectClean(hour);
  const { published } = hour;
  const ids = published.map(({ data }) => (data as { id: string }).id);
  expect(new Set(ids).size).toBe(1707);
  expect(ids.indexOf(ids[0] ?? '', 1)).toBe(1707); // then from the start again
  expect((published.at(1706)!.ts - published[0]!.ts) / 1706 / 1e6).toBeLessThan(2);
});

test('played twice, it is the same to the byte', async () => {
  await expectDeterministic(replay, { forMs: 60_000 });
});

test('rows of any file come in order, their gaps exactly those recorded by the speed', async () => {
  const file = ndjson(
    'gaps',
    [0, 7, 7, 1000, 61_000].map((ms) => ({ t: ms, v: ms })),
  );
  const run = await play({ ...file, speed: 7 });
  expectClean(run);
  expect(run.published.map(({ ts, data }) => [ts - from, data])).toEqual([
    [0, { v: 0 }],
    [1000, { v: 7 }],
    [1000, { v: 7 }],
    [142_857, { v: 1000 }],
    [8_714_286, { v: 61_000 }],
  ]);
});

test('original time stays where that is asked for', async () => {
  const file = ndjson('original', [
    { t: 5, v: 1 },
    { t: 9, v: 2 },
  ]);
  const run = await play({ ...file, stamp: 'original' });
  expect(run.published.map(({ ts }) => ts)).toEqual([5000, 9000]);
});

test('long gaps are shortened, as soon as possible has none', async () => {
  const file = ndjson(
    'night',
    [0, 10, 50_000_000, 50_000_010].map((t) => ({ t, v: t })),
  );
  const short = await play({ ...file, maxGapMs: 500 });
  expect(short.published.map(({ ts }) => (ts - from) / 1000)).toEqual([0, 10, 510, 520]);
  const asap = await play({ ...file, speed: 'asap' });
  expect(asap.published.map(({ ts }) => ts - from)).toEqual([0, 0, 0, 0]);
});

test('a loop begins again from the file’s start on a new base', async () => {
  const file = ndjson('loop', [
    { t: 0, v: 1 },
    { t: 300, v: 2 },
  ]);
  const run = await play({ ...file, loop: true, loopPauseMs: 200 }, 1200);
  expect(run.published.map(({ ts, data }) => [(ts - from) / 1000, (data as { v: number }).v])).toEqual([
    [0, 1],
    [300, 2],
    [500, 1],
    [800, 2],
    [1000, 1],
  ]);
});

test('a file without a row does not spin in its loop', async () => {
  const run = await play({ ...ndjson('empty', []), loop: true });
  expect(run.stats).toMatchObject({ status: 'down', lastError: expect.stringContaining('has no row') });
});

test('bad lines are counted with file and line, the others played', async () => {
  const name = write('bad.ndjson', '{"t":1,"v":1}\nnonsense\n{"t":"x","v":1}\n{"t":2,"v":"much"}\n{"t":3,"v":3}\n');
  const run = await play({ ...mapped, path: name });
  expect(run.published.map(({ data }) => data)).toEqual([{ v: 1 }, { v: 3 }]);
  expect(run.rejected).toEqual([
    expect.stringContaining(`${name}:2: Unexpected token`),
    `${name}:3: t: is no time of format ms, got "x"`,
    `${name}:4: v: must be int, got "much"`,
  ]);
});

test('a bad line is fatal where that was asked for', async () => {
  const name = write('fatal.ndjson', '{"t":1,"v":1}\n{"t":2}\n{"t":3,"v":"x"}\n{"t":4,"v":4}\n');
  const run = await play({ ...mapped, path: name, onBadLine: 'fatal' });
  expect(run.published.map(({ data }) => data)).toEqual([{ v: 1 }, { v: null }]);
  expect(run.stats).toMatchObject({ status: 'down', lastError: `${name}:3: v: must be int, got "x"` });
});

test('a file that is not there is named, and stops no other', async () => {
  const missing = path.join(folder, 'missing.ndjson');
  const good = ndjson('good', [
    { t: 0, v: 1 },
    { t: 1500, v: 2 },
  ]);
  const config = { builtIn: [], files: [{ ...mapped, path: missing }, good] };
  const run = await runInVirtualTime(replay, { config, from, forMs: 1000 });
  expect(run.stats).toMatchObject({
    status: 'degraded',
    statusText: expect.stringContaining(`cannot read ${missing}: ENOENT`),
  });
  expect(run.published.map(({ data }) => data)).toEqual([{ v: 1 }]);

  const toTheEnd = await runInVirtualTime(replay, { config, from, forMs: 3000 });
  expect(toTheEnd.published.map(({ data }) => data)).toEqual([{ v: 1 }, { v: 2 }]);
  expect(toTheEnd.stats).toMatchObject({ status: 'down', lastError: expect.stringContaining('ENOENT') });
});

test('a row out of order is bad where order is asserted', async () => {
  const file = ndjson('order', [
    { t: 5, v: 1 },
    { t: 3, v: 2 },
    { t: 6, v: 3 },
  ]);
  const run = await play({ ...file, sort: 'assert' });
  expect(run.published.map(({ data }) => data)).toEqual([{ v: 1 }, { v: 3 }]);
  expect(run.rejected).toEqual([`${file.path}:2: goes back in time, it is earlier than 1`]);
});

test('packed files are unpacked, and a cut one says so', async () => {
  const packed = gzipSync('{"t":1,"v":1}\n{"t":2,"v":2}\n');
  const run = await play({ ...mapped, path: write('packed.ndjson.gz', packed) });
  expect(run.published).toHaveLength(2);
  const cut = await play({ ...mapped, path: write('cut.ndjson.gz', packed.subarray(0, 20)) });
  expect(cut.stats).toMatchObject({
    status: 'down',
    lastError: expect.stringMatching(/cut\.ndjson\.gz: unexpected end/),
  });
});

test('a CSV file is mapped to typed fields with units, its topics named by a column', async () => {
  const name = write(
    'trades.csv',
    'Symbol,Last Price,When\n"BRK.B","1,5",2018-01-31T00:00:00Z\nAAPL,187.23,2018-01-31T00:00:01Z\n',
  );
  const run = await play({
    path: name,
    format: 'csv',
    topic: 'market.mine.{symbol}.trade',
    time: { field: 'When', format: 'iso' },
    fields: {
      symbol: { from: 'Symbol', type: 'string' },
      px: { from: 'Last Price', type: 'decimal:2', unit: 'USD' },
      at: { from: 'When', type: 'time' },
    },
  });
  expect(run.rejected).toEqual([`${name}:2: Last Price: must be decimal:2, got "1,5"`]);
  expect(run.published).toEqual([
    { topic: 'market.mine.AAPL.trade', ts: from, data: { symbol: 'AAPL', px: 187.23, at: 1_517_356_801_000_000 } },
  ]);
});

test('a recording plays with no mapping, each topic of the kind it was, behind a prefix if wanted', async () => {
  const name = write(
    'session.ndjson',
    `{"recorder":1,"start":0,"feeds":["x"]}
{"topic":"room.members","ts":10,"kind":"keyed","key":"ann","data":{"typing":true}}
{"topic":"sensor.temp","ts":20,"kind":"latest","data":21.5}
{"topic":"room.members","ts":30,"kind":"keyed","key":"ann"}
`,
  );
  const run = await play({ path: name, format: 'ndjson', prefix: 'again' });
  expectClean(run);
  expect(run.published).toEqual([
    { topic: 'again.room.members', ts: from, key: 'ann', data: { typing: true } },
    { topic: 'again.sensor.temp', ts: from + 10, data: 21.5 },
    { topic: 'again.room.members', ts: from + 20, key: 'ann', removed: true },
  ]);
});

test('a topic named by a field must be one', async () => {
  const name = write('named.ndjson', '{"t":1,"where":"a.b"}\n{"t":2,"where":"a b"}\n{"t":3}\n');
  const run = await play({ path: name, format: 'ndjson', topic: { field: 'where' }, time: mapped.time });
  expect(run.published.map(({ topic }) => topic)).toEqual(['a.b']);
  expect(run.rejected).toHaveLength(2);
  expect(run.rejected[0]).toContain('got "a b"');
});

test('a file is read no further than its rows are taken', async () => {
  const lines = Array.from({ length: 200_000 }, (_, i) => `{"t":${i},"v":${i}}`);
  lines[100_000] = 'the fault that is found when a reader gets this far';
  const file = replayFile({ ...mapped, path: write('long.ndjson', lines.join('\n')), speed: 'asap' });
  const faults: string[] = [];
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const reader = interleave([playFile(file, { clock, reject: (reason) => faults.push(reason), log: quiet })], clock);

  for (let i = 0; i < 1000; i++) await reader.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(faults).toEqual([]);
  for (let i = 0; i < 99_500; i++) await reader.next();
  expect(faults).toHaveLength(1);
  await reader.return(undefined);
});

test.each([
  [{ path: 'a.csv', format: 'csv' }, 'topic'],
  [{ path: 'a.csv', format: 'csv', topic: 'a.{b}' }, 'time'],
  [{ path: 'a.ndjson', format: 'ndjson', fields: { a: 'int' } }, 'fields'],
  [{ path: 'a.csv', format: 'csv', topic: 'a b', time: { field: 't', format: 's' } }, 'topic'],
  [{ path: 'a.csv', format: 'csv', topic: 'a', kind: 'keyed', time: { field: 't', format: 's' } }, 'key'],
  [{ path: 'a.ndjson', format: 'ndjson', speed: 0 }, 'speed'],
  [{ path: 'a.ndjson', format: 'ndjson', sort: 'buffer:0' }, 'sort'],
  [{ path: 'a.csv', format: 'csv', topic: 'a', time: { field: 't', format: 's' }, fields: { a: 'float' } }, 'fields'],
])('config %j is refused, naming %s', (file, field) => {
  const result = replay.config.safeParse({ files: [file] });
  expect(result.error?.issues[0]?.path.slice(0, 3)).toEqual(['files', 0, field]);
});

test('two files may share a topic only when they mean the same by it', () => {
  const topics = (fields: object[]) => {
    const files = fields.map((field, i) => ({ ...mapped, path: `${i}.ndjson`, fields: field }));
    return () => replay.topicsOf(replay.config.parse({ builtIn: [], files }));
  };
  expect(Object.keys(topics([{ v: 'int' }, { v: 'int' }])())).toEqual(['test.row']);
  expect(topics([{ v: 'int' }, { v: 'string' }])).toThrow(
    'topic "test.row" has another kind or other fields in 1.ndjson than in 0.ndjson',
  );
});

const mapped = {
  format: 'ndjson',
  topic: 'test.row',
  time: { field: 't', format: 'ms' },
  fields: { v: 'int' },
} as const;

function ndjson(name: string, rows: object[]) {
  return { ...mapped, path: write(`${name}.ndjson`, rows.map((row) => `${JSON.stringify(row)}\n`).join('')) };
}

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function play(file: object, forMs = 100_000_000) {
  return runInVirtualTime(replay, { config: { builtIn: [], files: [file] }, from, forMs });
}
