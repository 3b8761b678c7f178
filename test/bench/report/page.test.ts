import { expect, test } from 'vitest';
import { reportPage } from '../../../bench/report/page.ts';
import { reportOf, runOf } from './fixture.ts';

const nasty = '</script><script>alert(1)</script><b title=\'"&';

test('the page fetches nothing', async () => {
  const page = await reportPage(reportOf(runOf()));
  expect(page).not.toMatch(/<script[^>]+src=|<link[^>]+href="(?!data:)|<img|@import|url\(|\bfetch\(|XMLHttpRequest/);
  expect(page).toContain('uPlot');
});

test('the report is in the page, whatever its labels are', async () => {
  const report = reportOf(runOf({}, { label: nasty, figures: [{ name: nasty, value: 1, unit: nasty }] }));
  expect(jsonOf(await reportPage(report), 'report')).toEqual(report);
});

test('nothing of a label becomes markup', async () => {
  const doubts = [{ kind: 'too short', message: nasty } as const];
  const failed = { ...runOf().load?.connect, failed: { [nasty]: 1 } } as NonNullable<
    ReturnType<typeof runOf>['load']
  >['connect'];
  const page = await reportPage(reportOf(runOf({ connect: failed }, { label: nasty, doubts }), runOf()));
  expect(page).not.toContain('<script>alert');
  expect(page).not.toContain('<b title');
  expect(page.match(/<script/g)).toHaveLength(4);
});

test('doubts stand above everything else', async () => {
  const doubts = [{ kind: 'generator busy', message: 'it was full' } as const];
  const page = await reportPage(reportOf(runOf({}, { doubts })));
  expect(page.indexOf('generator busy: it was full.')).toBeGreaterThan(0);
  expect(page.indexOf('generator busy: it was full.')).toBeLessThan(page.indexOf('class="chart"'));
});

test('the curve rises to what happened once in all publications and no further', async () => {
  const page = await reportPage(reportOf(runOf()));
  const [curve] = jsonOf(page, 'curves') as { oneIn: number[]; ms: number[] }[];
  expect(curve?.ms).toEqual(curve?.ms.toSorted((a, b) => a - b));
  expect(Math.max(...(curve?.oneIn ?? []))).toBeLessThanOrEqual(5000);
  expect(curve?.oneIn[0]).toBe(1);
});

function jsonOf(page: string, id: string): unknown {
  const [, text = ''] = page.match(new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`)) ?? [];
  return JSON.parse(text);
}
