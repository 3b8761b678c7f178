import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsvRecord } from '../../feeds/replay/csv-record.ts';
import { fieldType } from '../../feeds/replay/field-type.ts';
import { inOrder } from '../../feeds/replay/in-order.ts';
import { nativeRecord } from '../../feeds/replay/native-record.ts';
import { readCsv } from '../../feeds/replay/read-csv.ts';
import { readLines } from '../../feeds/replay/read-lines.ts';
import { readNdjson } from '../../feeds/replay/read-ndjson.ts';
import { Schedule } from '../../feeds/replay/schedule.ts';
import { parseTime } from '../../feeds/replay/time-format.ts';

test('times of every format become microseconds', () => {
  expect(parseTime('2018-01-31T01:49:59.650123Z', 'iso')).toBe(1_517_363_399_650_123);
  expect(parseTime('2018-01-31T01:49:59.6501239Z', 'iso')).toBe(1_517_363_399_650_123);
  expect(parseTime('2018-01-31 01:49', 'iso')).toBe(1_517_363_340_000_000);
  expect(parseTime('2018-01-31T01:49:59+01:00', 'iso')).toBe(1_517_359_799_000_000);
  expect(parseTime('2018-01-31T01:49:59-0530', 'iso')).toBe(1_517_383_199_000_000);
  expect(parseTime('2018-01-31', 'date')).toBe(1_517_356_800_000_000);
  expect(parseTime('1517363399.65', 's')).toBe(1_517_363_399_650_000);
  expect(parseTime(1_517_363_399_650, 'ms')).toBe(1_517_363_399_650_000);
  expect(parseTime('1517363399650123', 'us')).toBe(1_517_363_399_650_123);
});

test.each([
  ['31.1.2018', 'iso'],
  ['2018-02-30T00:00:00Z', 'iso'],
  ['2018-01-31T25:00:00Z', 'iso'],
  [1_517_363_399, 'iso'],
  ['2018-02-30', 'date'],
  ['2018-1-1', 'date'],
  ['', 's'],
  ['soon', 's'],
  [null, 'ms'],
  [1e300, 'us'],
] as const)('%j is no time of format %s', (value, format) => {
  expect(parseTime(value, format)).toBeUndefined();
});

test('a field type reads text and JSON values alike, and says no rather than guess', () => {
  expect(fieldType('number').convert(' 1.5 ')).toBe(1.5);
  expect(fieldType('number').convert('1,5')).toBeUndefined();
  expect(fieldType('number').convert('')).toBeUndefined();
  expect(fieldType('int').convert('12')).toBe(12);
  expect(fieldType('int').convert('12.5')).toBeUndefined();
  expect(fieldType('decimal:2').convert('187.23')).toBe(187.23);
  expect(fieldType('bool').convert('true')).toBe(true);
  expect(fieldType('bool').convert(0)).toBe(false);
  expect(fieldType('bool').convert('maybe')).toBeUndefined();
  expect(fieldType('string').convert(7)).toBe('7');
  expect(fieldType('string').convert({})).toBeUndefined();
  expect(fieldType('time:s').convert('2')).toBe(2_000_000);
  expect(fieldType('any').convert({ a: 1 })).toEqual({ a: 1 });
});

test('CSV cells: quotes hold delimiters, line breaks and doubled quotes', () => {
  expect(parseCsvRecord('a,"b,""c""\nd",,', ',')).toEqual({ cells: ['a', 'b,"c"\nd', '', ''] });
  expect(parseCsvRecord('a;b,c', ';')).toEqual({ cells: ['a', 'b,c'] });
  expect(parseCsvRecord('a,"b', ',')).toBe('open');
  expect(parseCsvRecord('a,"b""', ',')).toBe('open');
  expect(parseCsvRecord('a,"b"c', ',')).toEqual({ fault: 'column 2 goes on after its closing quote' });
  expect(parseCsvRecord('5" pipe,1', ',')).toEqual({
    fault: 'column 1 has a quote inside, but does not start with one',
  });
});

test('CSV cells: whatever was written comes back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ') }), { minLength: 1 }), (cells) => {
      const text = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
      expect(parseCsvRecord(text, ',')).toEqual({ cells });
    }),
  );
});

test('CSV rows: a quote left open spoils its own line only', async () => {
  const rows = ['id,text', '1,fine', '2,"open', ...Array.from({ length: 300 }, (_, i) => `${i + 3},fine`)];
  const entries = await list(readCsv(linesOf(rows.join('\n')), ','));
  expect(entries).toHaveLength(302);
  expect(entries.filter((entry) => 'fault' in entry)).toEqual([{ at: 3, fault: 'a quote is opened and not closed' }]);
  expect(entries.at(-1)).toEqual({ at: 303, row: { id: '302', text: 'fine' } });
});

test('CSV rows: also when the open quote stands on the last line', async () => {
  expect(await list(readCsv(linesOf('id,text\n1,fine\n2,"open'), ','))).toEqual([
    { at: 2, row: { id: '1', text: 'fine' } },
    { at: 3, fault: 'a quote is opened and not closed' },
  ]);
});

test('CSV rows: a record over several lines, blank ones among them, is known by its first', async () => {
  expect(await list(readCsv(linesOf('id,text\r\n\r\n1,"a\r\n\r\nb"\r\n2,x,y\r\n'), ','))).toEqual([
    { at: 3, row: { id: '1', text: 'a\n\nb' } },
    { at: 6, fault: 'has 3 columns, the header has 2' },
  ]);
});

test('CSV rows: a line that cannot be read ends the record that is open', async () => {
  const lines = async function* () {
    yield { number: 1, text: 'id,text' };
    yield { number: 2, text: '1,"open' };
    yield { number: 3, text: '2,fine' };
    yield { number: 4, fault: 'line is not UTF-8' };
    yield { number: 5, text: '3,fine' };
  };
  expect(await list(readCsv(lines(), ','))).toEqual([
    { at: 2, fault: 'a quote is opened and not closed' },
    { at: 3, row: { id: '2', text: 'fine' } },
    { at: 4, fault: 'line is not UTF-8' },
    { at: 5, row: { id: '3', text: 'fine' } },
  ]);
});

test('lines come out the same wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('é', 'b', '\n', '\r\n', '🌍') }),
      fc.nat(7),
      async (text, size) => {
        const bytes = Buffer.from(text);
        const cut = Array.from({ length: Math.ceil(bytes.length / (size + 1)) }, (_, i) =>
          bytes.subarray(i * (size + 1), (i + 1) * (size + 1)),
        );
        const expected = text.split('\n').map((line) => line.replace(/\r$/, ''));
        if (text === '' || text.endsWith('\n')) expected.pop();
        const lines = await list(readLines(chunksOf(cut)));
        expect(lines).toEqual(expected.map((line, i) => ({ number: i + 1, text: line })));
      },
    ),
  );
});

test('a line that is too long is passed over without being held, and the next one is read', async () => {
  let mostBytes = 0;
  const flood = function* () {
    yield Buffer.from('first\n');
    for (let i = 0; i < 400; i++) {
      yield Buffer.alloc(1024 * 1024, 'x'); // 400 MiB without an end of line
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers);
    }
    yield Buffer.from('\nlast');
  };
  expect(await list(readLines(chunksOf(flood())))).toEqual([
    { number: 1, text: 'first' },
    { number: 2, fault: 'line is longer than 1048576 bytes' },
    { number: 3, text: 'last' },
  ]);
  expect(mostBytes).toBeLessThan(200 * 1024 * 1024); // garbage is collected when it pleases
});

test('bytes that are no UTF-8 are a bad line, a byte order mark is none', async () => {
  const bytes = Buffer.concat([Buffer.from('\uFEFFa\n'), Buffer.from([0xff, 0x0a]), Buffer.from('b')]);
  expect(await list(readLines(chunksOf([bytes])))).toEqual([
    { number: 1, text: 'a' },
    { number: 2, fault: 'line is not UTF-8' },
    { number: 3, text: 'b' },
  ]);
});

test('NDJSON: a line is a value or a fault, a blank one nothing', async () => {
  const entries = await list(readNdjson(linesOf('{"a":1}\n\n{"a":\n2\n')));
  expect(entries).toEqual([
    { at: 1, row: { a: 1 } },
    { at: 3, fault: expect.stringContaining('JSON') },
    { at: 4, row: 2 },
  ]);
});

test('a native record keeps its topic, time, kind and data; the header is none', () => {
  const record = { topic: 'a.b', ts: 5, kind: 'latest', data: { x: 1 } };
  expect(nativeRecord(record)).toEqual(record);
  expect(nativeRecord({ topic: 'a.b', ts: 5, data: null })).toEqual({ topic: 'a.b', ts: 5, data: null });
  expect(nativeRecord({ recorder: 1, start: 0, feeds: [] })).toBeUndefined();
  expect(nativeRecord({ topic: 'a', ts: 5, kind: 'keyed', key: 'k' })).toEqual({
    topic: 'a',
    ts: 5,
    kind: 'keyed',
    key: 'k',
    isRemoval: true,
  });
});

test.each([
  [[1], 'must be a JSON object, got [1]'],
  [{ ts: 1, data: 1 }, 'topic: must be a string, got nothing'],
  [{ topic: 'a b', ts: 1, data: 1 }, 'topic: must be at most 16 dotted segments of A-Z a-z 0-9 _ -, got "a b"'],
  [{ topic: 'a', ts: 1.5, data: 1 }, 'ts: must be whole microseconds since 1970, got 1.5'],
  [{ topic: 'a', ts: 1, kind: 'new', data: 1 }, 'kind: must be latest, event, keyed or ephemeral, got "new"'],
  [{ topic: 'a', ts: 1 }, 'data: is missing'],
  [{ topic: 'a', ts: 1, kind: 'keyed', data: 1 }, 'key: must be a string on a keyed topic, got nothing'],
  [{ recorder: 2 }, 'recorder: only format 1 can be played, got 2'],
])('%j is no native record', (row, reason) => {
  expect(() => nativeRecord(row)).toThrow(reason);
});

test('a schedule is gap by speed from one base, so no rounding adds up', () => {
  const schedule = new Schedule({ speed: 3 }, 1000);
  const dues = Array.from({ length: 1000 }, (_, i) => schedule.dueAt(50 + i, 0));
  expect(dues).toEqual(Array.from({ length: 1000 }, (_, i) => Math.round(1000 + i / 3)));
});

test('a schedule shortens long gaps and leaves what follows as far apart as it was', () => {
  const schedule = new Schedule({ speed: 1, maxGapMs: 1 }, 0);
  expect([0, 500, 9_000_000, 9_000_700].map((ts) => schedule.dueAt(ts, 0))).toEqual([0, 500, 1500, 2200]);
});

test('a row that goes back in time is due in the past and moves nothing else', () => {
  const schedule = new Schedule({ speed: 1 }, 1000);
  expect([10, 30, 20, 40].map((ts) => schedule.dueAt(ts, 0))).toEqual([1000, 1020, 1010, 1030]);
});

test('a new round begins a pause after the latest row, or now when that has gone by', () => {
  const schedule = new Schedule({ speed: 1 }, 1000);
  expect([10, 60].map((ts) => schedule.dueAt(ts, 0))).toEqual([1000, 1050]);
  schedule.restart(2, 0);
  expect(schedule.dueAt(10, 0)).toBe(3050);
  schedule.restart(2, 9_000);
  expect(schedule.dueAt(10, 0)).toBe(9000);
});

test('rows are sorted as far as was asked, those of one time in the file’s order', async () => {
  const times = [3, 1, 2, 2, 5, 4];
  const rows = () => chunksOf(times.map((ts, i) => ({ ts, i })));
  const back: number[] = [];
  const order = async (sort: Parameters<typeof inOrder>[1]) =>
    (await list(inOrder(rows(), sort, ({ i }) => back.push(i)))).map(({ i }) => i);

  expect(await order('none')).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await order('whole')).toEqual([1, 2, 3, 0, 5, 4]);
  expect(await order({ buffer: 3 })).toEqual([1, 2, 3, 0, 5, 4]);
  expect(await order({ buffer: 1 })).toEqual([1, 2, 3, 0, 5, 4]);
  expect(await order('assert')).toEqual([0, 4]);
  expect(back).toEqual([1, 2, 3, 5]);
});

test('a buffer of n rows sorts whatever is at most n places late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (jitter, size) => {
      const rows = jitter.map((late, i) => ({ ts: i * 2 - (late % (size + 1)) * 2, i }));
      const sorted = await list(inOrder(chunksOf(rows), { buffer: size }, () => undefined));
      expect(sorted).toEqual(rows.toSorted((a, b) => a.ts - b.ts));
    }),
  );
});

async function* chunksOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

function linesOf(text: string) {
  return readLines(chunksOf([Buffer.from(text)]));
}

async function list<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
