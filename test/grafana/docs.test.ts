import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';
import { runInProcess } from '../support/cli-io.ts';
import { type ExportedMetric, exportedMetrics, metricOf } from '../support/exported-metrics.ts';
import { alerts, boardQueries, ruleQueries } from '../support/grafana-files.ts';
import { filledIn, seriesNamesIn } from '../support/promql.ts';

let tickwire: RunningTickwire;
let exported: ReadonlyMap<string, ExportedMetric>;
beforeAll(async () => {
  const config = await loadConfig({ cwd: tmpdir(), env: {}, flags: { port: '0' } });
  tickwire = await startTickwire(config, { log: createLogger({ level: 'silent', format: 'json' }) });
  await fetch(`${tickwire.url}/topics`); // so that there is an answer to be counted
  exported = exportedMetrics(await (await fetch(`${tickwire.url}/metrics`)).text());
});
afterAll(() => tickwire.stop());

const doc = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The rows of docs/metrics.md, by metric. */
const rows = new Map(
  [...doc('metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.+?) \| (yes|no: .+?) \|$/gm)].map(
    ([, name = '', type, labels = '', says, charted = '']) => [name, { type, labels, says, charted }],
  ),
);

/** Labels whose values are not for us to list: names of the configuration, versions, and what Node counts by. */
const openLabels = ['feed', 'route', 'code', 'version', 'node', 'major', 'minor', 'patch', 'space'];

/** Made by Prometheus itself. */
const ofPrometheus = ['up', 'ALERTS'];

const queried = [...boardQueries, ...ruleQueries].flatMap(({ where, expr }) =>
  seriesNamesIn(filledIn(expr))
    .filter((name) => !name.includes(':') && !ofPrometheus.includes(name))
    .map((name) => ({ where, name })),
);

test('docs/metrics.md lists exactly what /metrics exports, with its type', () => {
  const types = (all: Iterable<[string, { type?: string | undefined }]>) =>
    Object.fromEntries([...all].map(([name, { type }]) => [name, type] as const).sort());
  expect(types(rows)).toEqual(types(exported));
});

test('docs/metrics.md names the labels of each metric, and the values of those that are closed sets', () => {
  for (const [name, { labels }] of exported) {
    const row = rows.get(name)?.labels ?? '';
    const listed = [...row.matchAll(/`(\w+)`(?: \(([^)]*)\))?/g)].filter(([, label = '']) => label !== 'none');
    expect(listed.map(([, label]) => label).sort(), name).toEqual([...labels.keys()].sort());
    for (const [, label = '', values = ''] of listed) {
      if (openLabels.includes(label)) continue;
      const known = values.split(', ');
      expect(
        [...(labels.get(label) ?? [])].filter((value) => !known.includes(value)),
        `${name} ${label}`,
      ).toEqual([]);
    }
  }
});

test('each metric is used by a board or a rule, or docs/metrics.md says why not', () => {
  const used = new Set(queried.map(({ name }) => metricOf(name, exported)));
  const says = [...rows].map(([name, { charted }]) => [name, charted === 'yes'] as const);
  expect(Object.fromEntries(says)).toEqual(Object.fromEntries([...rows.keys()].map((name) => [name, used.has(name)])));
});

test('boards and rules ask only for metrics that are exported', () => {
  expect(queried.filter(({ name }) => !exported.has(metricOf(name, exported)))).toEqual([]);
});

test('boards and rules match labels only by values that there are', () => {
  const strays = [...boardQueries, ...ruleQueries].flatMap(({ where, expr }) =>
    [...filledIn(expr).matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inside = '']) =>
      [...inside.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)]
        .filter(([, label = '']) => !['job', 'instance', 'alertname', 'alertstate'].includes(label))
        .filter(([, label = '', , values = '']) => {
          const known = exported.get(metricOf(name, exported))?.labels.get(label);
          return values.split('|').some((value) => known?.has(value) !== true);
        })
        .map(([matcher]) => `${where}: ${name} ${matcher}`),
    ),
  );
  expect(strays).toEqual([]);
});

test.each(alerts)('docs/runbook.md says of $alert whom it hurts, where to look and what to do', ({ alert }) => {
  const [, section = ''] = doc('runbook.md').split(`\n## ${alert}\n`);
  const [own = ''] = section.split('\n## ');
  for (const part of ['- **Hurts**: ', '- **Look**: ', '- **Do**: ']) expect(own).toContain(part);
});

test.each(commandsIn(doc('runbook.md')))('the command %s of docs/runbook.md is one', async (...words) => {
  const found = await runInProcess([...words, '--help'], { cwd: tmpdir() });
  expect(found.code).toBe(0);
  expect(found.stdout).toContain(`Usage: tickwire ${words.join(' ')} `);
});

test('docs/runbook.md has no section of an alert that there is not, and no link that leads nowhere', () => {
  const text = doc('runbook.md');
  const sections = [...text.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
  expect(sections.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  const links = [...text.matchAll(/\]\(#(\w+)\)/g)].map(([, anchor = '']) => anchor);
  const anchors = sections.map((name) => name.toLowerCase());
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

/** `tickwire sub`, `tickwire admin kick`: the commands without what they are given. */
function commandsIn(text: string): string[][] {
  const found = [...text.matchAll(/npx tickwire (admin [a-z-]+|[a-z-]+)/g)].map(([, words = '']) => words);
  return [...new Set(found)].map((words) => words.split(' '));
}
