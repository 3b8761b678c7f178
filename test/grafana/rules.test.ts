import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  alerts,
  grafanaFile,
  grafanaFolder,
  recordings,
  ruleFiles,
  ruleQueries,
  testFiles,
} from '../support/grafana-files.ts';
import { comparedIn, seriesNamesIn, syntaxErrorIn } from '../support/promql.ts';
import { needs } from '../support/system-packages.ts';

type RuleTest = {
  name: string;
  input_series?: { series: string; values: string }[];
  promql_expr_test: { expr: string; eval_time: string; exp_samples: { labels: string }[] }[];
};
const ruleTests = testFiles.flatMap((file) => (parse(grafanaFile(`rules/${file}`)) as { tests: RuleTest[] }).tests);

test.each(ruleQueries)('$where is PromQL', ({ expr }) => {
  expect(syntaxErrorIn(expr)).toBeUndefined();
});

test.each(alerts)('$alert says how bad it is, what happens, and where to read on', (rule) => {
  expect(rule.alert).toMatch(/^Tickwire[A-Z]/);
  expect(rule.for).toMatch(/^\d+[smh]$/);
  expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
  const { summary = '', description = '', runbook_url = '' } = rule.annotations;
  expect(summary).toContain('$labels.instance');
  expect(description.length).toBeGreaterThan(30);
  expect(runbook_url).toBe(`docs/runbook.md#${rule.alert.toLowerCase()}`);
});

test('no two alerts share a name, and each is listed in one place', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  expect(alerts.length).toBeGreaterThanOrEqual(20);
});

test('alerts and recordings use no recording that there is not, and none is made for nobody', () => {
  const made = recordings.map(({ record }) => record);
  const used = ruleQueries.flatMap(({ expr }) => seriesNamesIn(expr)).filter((name) => name.includes(':'));
  expect(used.filter((name) => !made.includes(name))).toEqual([]);
  expect(made.filter((name) => !used.includes(name))).toEqual([]);
  for (const name of made) expect(name).toMatch(/^tickwire:[a-z_]+:[a-z0-9_]+$/);
});

test.each(alerts)(
  'a test shows $alert firing at a server that is bad, later than at once, and quiet at one that is well',
  ({ alert }) => {
    const found = ruleTests.find(({ name }) => name.startsWith(`${alert}: `));
    const [early, late] = found?.promql_expr_test ?? [];
    const servers = (who: string) =>
      found?.input_series?.filter(({ series }) => series.includes(`instance="${who}"`)).length;
    expect(servers('bad')).toBeGreaterThan(0);
    expect(servers('well')).toBe(servers('bad'));
    expect(early?.exp_samples).toEqual([]);
    expect(late?.exp_samples).toHaveLength(1);
    expect(late?.exp_samples[0]?.labels).toContain(`alertname="${alert}",alertstate="firing"`);
    expect(late?.exp_samples[0]?.labels).toContain('instance="bad"');
  },
);

test('what an alert compares is taken out of its expression', () => {
  expect(comparedIn('a{x="y"} > 1 and on (job) sum(b) / c >= 2 unless d == 1')).toEqual([
    'a{x="y"}',
    'sum(b) / c',
    'd',
  ]);
  expect(comparedIn('a < 0.5 * (a offset 5m)')).toEqual(['a', '0.5 * (a offset 5m)']);
  expect(comparedIn('absent(up)')).toEqual(['absent(up)']);
});

const missing = needs('prometheus');

describe.skipIf(missing !== undefined)('Prometheus’s own tool', () => {
  const promtool = (...args: string[]) =>
    execFileSync('promtool', args, { cwd: grafanaFolder, encoding: 'utf8', stdio: 'pipe' });

  test('takes the configuration, with every file of rules', () => {
    const output = promtool('check', 'config', 'prometheus.yml');
    expect(output).toContain(`${ruleFiles.length} rule files found`);
  });

  test.each(testFiles)('runs %s', (file) => {
    promtool('test', 'rules', `rules/${file}`);
  });
});
