import { describe, expect, test } from 'vitest';
import type { BenchReport, RunReport } from '../../../bench/load/report.ts';
import { compare, type Difference } from '../../../bench/report/compare.ts';
import { comparisonText } from '../../../bench/report/compare-text.ts';
import { readReport, writeReport } from '../../../bench/report/report-file.ts';
import { reportOf, runOf } from './fixture.ts';

describe('repeated runs tell what is noise', () => {
  test.each<[string, number[], number[], Difference['verdict']]>([
    ['clearly faster', [10, 11, 12], [5, 6, 7], 'better'],
    ['clearly slower', [5, 6, 7], [10, 11, 12], 'worse'],
    ['overlapping', [5, 6, 10], [9, 11, 12], 'within noise'],
    ['the same', [5, 5, 5], [5, 5, 5], 'within noise'],
  ])('%s', (_, before, now, verdict) => {
    expect(p99Between(before, now)).toMatchObject({ verdict });
  });

  test('the ratio is that of the medians', () => {
    expect(p99Between([10, 11, 12], [5, 5.5, 7])).toMatchObject({
      ratio: 0.5,
      now: { value: 5.5, bounds: { low: 5, high: 7 } },
    });
  });
});

describe('of single runs the seconds tell', () => {
  test('steady seconds make a difference clear, restless ones do not', () => {
    const steady = [10, 10.1, 9.9, 10, 10.1, 9.9];
    const restless = [2, 30, 5, 20, 9, 10];
    const twice = (values: number[]) => values.map((value) => value * 2);
    expect(between(inSeconds(10, steady), inSeconds(20, twice(steady)))).toMatchObject({ verdict: 'worse' });
    expect(between(inSeconds(10, restless), inSeconds(20, twice(restless)))).toMatchObject({ verdict: 'within noise' });
  });

  test('too few of them leave it unclear', () => {
    expect(between(inSeconds(10, [10]), inSeconds(20, [20]))).toMatchObject({ verdict: 'unclear' });
  });
});

describe('what can not be compared is said', () => {
  test('another scenario', () => {
    const other = read({ ...reportOf(runOf()), scenario: 'storm' });
    expect(() => compare(other, read(reportOf(runOf())))).toThrow('is of the scenario "storm", this one of "custom"');
  });

  test('no run in common', () => {
    expect(() => compare(read(reportOf(runOf({}, { label: 'a' }))), read(reportOf(runOf())))).toThrow(
      'none of the runs load',
    );
  });

  test('other machines and plans are remarked', () => {
    const other = reportOf(runOf());
    const before = read({ ...other, machine: { ...other.machine, cores: 8 } });
    const plan = { ...runOf().plan, connections: 7 };
    const now = { ...read(other), runs: [{ ...read(other).runs[0]!, plan }] };
    expect(compare(before, now).remarks).toEqual([
      'The machines differ in cores: 8 before, 2 now.',
      'The plans of load differ in connections: 20 before, 7 now.',
    ]);
  });

  test.each([
    ['{', 'old.json is not JSON'],
    ['{"ok":true}', 'old.json is no report of a benchmark: it has no "format"'],
    [
      '{"format":"tickwire-bench/9"}',
      'old.json has the format "tickwire-bench/9", and only tickwire-bench/1 can be read',
    ],
    ['{"format":"tickwire-bench/1"}', /old\.json is broken at scenario: .+/],
  ])('a file with %s', (text, message) => {
    expect(() => readReport(text, 'old.json')).toThrow(message);
  });
});

test('a report is read as it was written', () => {
  const report = reportOf(runOf({}, { figures: [{ name: 'back', value: 3, unit: 's', better: 'lower' }] }));
  expect(readReport(writeReport(report), 'it')).toEqual(report);
});

test('the table shows values, spread, ratio and verdict', () => {
  const text = comparisonText(compare(p99Report([10, 11, 12]), p99Report([5, 5.5, 6])));
  expect(text).toMatch(/^load +before +± +now +± +ratio +verdict$/m);
  expect(text).toMatch(/^p99 +11.0 ms +9.1 % +5.50 ms +9.1 % +0.50× +better$/m);
  expect(text).not.toMatch(/^lost/m);
});

function p99Between(before: number[], now: number[]): Difference | undefined {
  return differenceOf(p99Report(before), p99Report(now));
}

function between(before: RunReport, now: RunReport): Difference | undefined {
  return differenceOf(read(reportOf(before)), read(reportOf(now)));
}

function differenceOf(before: ReturnType<typeof read>, now: ReturnType<typeof read>): Difference | undefined {
  return compare(before, now).differences.find(({ measure }) => measure.name === 'p99');
}

function p99Report(values: number[]) {
  return read(reportOf(...values.map((p99) => withP99(p99, []))));
}

function inSeconds(p99: number, seconds: number[]): RunReport {
  return withP99(p99, seconds);
}

function withP99(p99: number, seconds: number[]): RunReport {
  const { latency } = runOf().load!;
  const timeline = seconds.map((of, second) => ({ second, deliveries: 1, p50: 1, p99: of, max: of, clientCpu: 0.5 }));
  return runOf({ latency: { ...latency!, ms: { ...latency!.ms, p99 } }, timeline });
}

function read(report: BenchReport) {
  return readReport(writeReport(report), 'it');
}
