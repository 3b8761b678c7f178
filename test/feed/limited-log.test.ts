import { expect, test } from 'vitest';
import { createLimitedLog } from '../../src/feed/limited-log.ts';
import { createVirtualClock } from '../../src/feed/virtual-clock.ts';

const minute = 60_000_000;

test('the first of a kind is logged at once, the rest of its minute as one line at the end', async () => {
  const { clock, lines, problems } = setup();
  for (const i of [1, 2, 3, 4]) problems.report('a', `bad ${i}`);
  expect(lines).toEqual(['bad 1']);
  await clock.advanceTo(minute);
  expect(lines).toEqual(['bad 1', 'bad 4 (3 of these since the last line about it)']);
});

test('a problem that goes on is logged once a minute, one that stopped is new when it is back', async () => {
  const { clock, lines, problems } = setup();
  for (let tenths = 0; tenths < 30; tenths++) {
    problems.report('a', 'bad');
    await clock.advanceTo((tenths + 1) * (minute / 10));
  }
  expect(lines.length).toBe(4); // at 0 and after each of three minutes
  await clock.advanceTo(10 * minute);
  problems.report('a', 'bad again');
  expect(lines.at(-1)).toBe('bad again');
});

test('kinds do not hide each other', () => {
  const { lines, problems } = setup();
  problems.report('a', 'bad');
  problems.report('b', 'worse');
  expect(lines).toEqual(['bad', 'worse']);
});

test('a flush logs what is held back and leaves no timer', async () => {
  const { clock, lines, problems } = setup();
  problems.report('a', 'bad');
  problems.report('a', 'bad');
  problems.flush();
  expect(lines).toEqual(['bad', 'bad']);
  problems.flush();
  await clock.advanceTo(5 * minute);
  expect(lines.length).toBe(2);
});

function setup() {
  const clock = createVirtualClock(0);
  const lines: string[] = [];
  return { clock, lines, problems: createLimitedLog((line) => lines.push(line), clock) };
}
