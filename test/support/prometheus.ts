/** A real Prometheus with the configuration of grafana/, of one test, on a port of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../../bench/support/free-port.ts';
import { grafanaFile, grafanaFolder } from './grafana-files.ts';
import { systemPackages } from './system-packages.ts';

export type Sample = { metric: Record<string, string>; value: [number, string] };
export type RuleState = { name: string; health: string; lastError?: string; state?: string };
export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** Scrapes the server each second, and works its rules out as often. */
export async function startPrometheus(target: string) {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), configFor(target));
  const port = await freePort();
  const child = run(folder, port);
  const api = `http://127.0.0.1:${port}/api/v1`;
  return {
    /** Answers to an instant query, now. */
    query: async (expr: string): Promise<Sample[]> =>
      (await ask<{ result: Sample[] }>(`${api}/query`, { query: expr })).result,
    labelValues: (label: string, series: string) =>
      ask<string[]>(`${api}/label/${label}/values?match[]=${encodeURIComponent(series)}`),
    rules: async (): Promise<RuleState[]> =>
      (await ask<{ groups: { rules: RuleState[] }[] }>(`${api}/rules`)).groups.flatMap(({ rules }) => rules),
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configFor(target: string): string {
  const config = parse(grafanaFile('prometheus.yml'));
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  config.rule_files = config.rule_files.map((path: string) => `${grafanaFolder}${path}`);
  config.scrape_configs[0].static_configs = [{ targets: [target] }];
  return stringify(config);
}

function run(folder: string, port: number): ChildProcess {
  const flags = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  return spawn(systemPackages.prometheus.program, flags, { stdio: 'ignore' });
}

async function ask<T>(url: string, form?: Record<string, string>): Promise<T> {
  const response = await fetch(url, form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) });
  const answer = (await response.json()) as { status: string; data: T; error?: string };
  if (answer.status !== 'success') throw new Error(`${answer.error} in ${JSON.stringify(form ?? url)}`);
  return answer.data;
}
