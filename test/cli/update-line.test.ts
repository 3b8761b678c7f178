import { expect, test } from 'vitest';
import { UpdateLines } from '../../src/cli/update-line.ts';

const now = new Date(2026, 4, 17, 12, 30, 5, 7).getTime();
const ts = now * 1000;

test('a line has the time of day, the topic and the fields', () => {
  const lines = new UpdateLines(false, () => now);
  expect(lines.line({ topic: 'market.sim.A.quote', seq: 1, ts, data: { bid: 187.23, ask: 187.25, cond: null } })).toBe(
    '12:30:05.007  market.sim.A.quote  bid=187.23 ask=187.25 cond=-',
  );
});

test('decimals show all the digits that their schema gives them', () => {
  const schema = {
    id: 1,
    fields: [{ name: 'bid', type: 'decimal', scale: 2 } as const, { name: 'n', type: 'int' } as const],
  };
  const lines = new UpdateLines(false, () => now);
  expect(lines.line({ topic: 't', seq: 1, ts, data: { bid: 187.5, n: 3 } }, schema)).toContain('bid=187.50 n=3');
});

test('columns grow, so later lines stand under the widest before them', () => {
  const lines = new UpdateLines(false, () => now);
  lines.line({ topic: 'a.long.topic', seq: 1, ts, data: { a: 1000, b: 1 } });
  expect(lines.line({ topic: 'a.b', seq: 1, ts, data: { a: 1, b: 2 } })).toBe('12:30:05.007  a.b           a=1    b=2');
});

test('what happened on another day shows its date', () => {
  const lines = new UpdateLines(false, () => now);
  const at = new Date(2018, 1, 3, 4, 5, 6).getTime() * 1000;
  expect(lines.line({ topic: 'quake', seq: 1, ts: at, data: 3 })).toBe('2018-02-03 04:05:06  quake  3');
});

test('rows show their key, and a removal says so', () => {
  const lines = new UpdateLines(false, () => now);
  expect(lines.line({ topic: 't', seq: 1, ts, key: 'AAPL', data: { tick: 0.01 } })).toContain('t  [AAPL] tick=0.01');
  expect(lines.line({ topic: 't', seq: 2, ts, key: 'AAPL', removed: true })).toContain('t  [AAPL] removed');
});

test('what was left out before an update is counted behind it', () => {
  const lines = new UpdateLines(false, () => now);
  expect(lines.line({ topic: 't', seq: 9, ts, data: 1, conflated: 12 })).toBe('12:30:05.007  t  1  +12');
  expect(lines.line({ topic: 't', seq: 10, ts, data: 1, conflated: 0 })).toBe('12:30:05.007  t  1');
});

test('text that could be taken for something else is quoted, and terminals are not obeyed', () => {
  const lines = new UpdateLines(false, () => now);
  const line = lines.line({
    topic: 't',
    seq: 1,
    ts,
    data: { a: 'two words', b: 'x=1', c: '\u001b[2J\u009b', d: '', e: [1] },
  });
  expect(line).toContain('a="two words" b="x=1" c="\\u001b[2J\\u009b"');
  expect(line).toContain('d="" e=[1]');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('colour only when it is asked for', () => {
  const update = { topic: 't', seq: 1, ts, data: 1 };
  expect(new UpdateLines(true, () => now).line(update)).toContain('\u001b[36mt\u001b[0m');
  expect(new UpdateLines(false, () => now).line(update)).not.toContain('\u001b');
});
