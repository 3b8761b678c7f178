import { expect, test } from 'vitest';
import { createProblemLog } from '../../src/server/problem-log.ts';

test('the first of a kind is written at once, the others as one line with how many there were', () => {
  const { problems, lines, pass } = logged();
  for (let n = 1; n <= 5; n++) problems.report('warn', 'slow', { n }, 'too slow');
  expect(lines).toEqual(['warn too slow {"n":1}']);
  pass();
  expect(lines.slice(1)).toEqual(['warn too slow {"n":5,"more":3}']); // besides the one that it shows
});

test('a flood that goes on is told again and again, one that ends is new when it comes back', () => {
  const { problems, lines, pass } = logged();
  problems.report('warn', 'slow', {}, 'too slow');
  problems.report('warn', 'slow', {}, 'too slow');
  pass();
  problems.report('warn', 'slow', {}, 'too slow');
  expect(lines).toHaveLength(2);
  pass();
  pass();
  expect(lines).toHaveLength(3);
  problems.report('error', 'slow', {}, 'too slow');
  expect(lines[3]).toBe('error too slow {}');
});

test('kinds do not hold each other back', () => {
  const { problems, lines } = logged();
  problems.report('warn', 'slow', {}, 'too slow');
  problems.report('warn', 'rude', {}, 'not a word');
  expect(lines).toEqual(['warn too slow {}', 'warn not a word {}']);
});

test('what is held back at the end is written then, and no timer is left', () => {
  const { problems, lines, timers } = logged();
  for (let n = 1; n <= 3; n++) problems.report('error', 'frame', { n }, 'broken');
  problems.flush();
  expect(lines.at(-1)).toBe('error broken {"n":3,"more":1}');
  expect(timers.size).toBe(0);
});

function logged() {
  const lines: string[] = [];
  const timers = new Set<() => void>();
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  const problems = createProblemLog({ warn: write('warn'), error: write('error') }, (_, run) => {
    timers.add(run);
    return () => timers.delete(run);
  });
  const pass = () => {
    const due = [...timers];
    timers.clear();
    for (const run of due) run();
  };
  return { problems, lines, timers, pass };
}
