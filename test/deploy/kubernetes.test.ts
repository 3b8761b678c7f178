import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { serverDefaults } from '../../src/server/options.ts';
import { needs } from '../support/system-packages.ts';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));
const dockerfile = readFileSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)), 'utf8');
type Resource = { apiVersion: string; kind: string; metadata: { name: string } };

const base = readdirSync(join(folder, 'base'))
  .filter((file) => file !== 'kustomization.yaml')
  .map((file) => ({ file, resource: parse(readFileSync(join(folder, 'base', file), 'utf8')) as Resource }));

/** Their kinds are defined by others than Kubernetes. */
const custom = ['PodMonitor'];

test.each(base)('$file is what Kubernetes takes', ({ resource }) => validate(withSelectors(resource)));

test('every file of the base is listed in it', () => {
  const { resources } = parse(readFileSync(join(folder, 'base/kustomization.yaml'), 'utf8'));
  expect(base.map(({ file }) => file).sort()).toEqual([...resources].sort());
});

test('the grace period is longer than preStop, drain and stop together', () => {
  const { spec } = deployment().template;
  const container = spec.containers[0];
  const preStopSec = Number(container.lifecycle.preStop.exec.command.at(-1));
  const drainMs = Number(variable('TICKWIRE_DRAIN_MS'));
  expect(drainMs).toBe(serverDefaults.drainMs);
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(preStopSec + drainMs / 1000 + 2);
});

test('ports, user and stop signal are those of the image', () => {
  const { spec } = deployment().template;
  expect(dockerfile).toContain(`EXPOSE ${spec.containers[0].ports[0].containerPort}`);
  expect(dockerfile).toContain(`USER ${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}`);
  expect(spec.enableServiceLinks).toBe(false);
});

test('the probes ask where the server answers', () => {
  const container = deployment().template.spec.containers[0];
  expect(container.livenessProbe.httpGet.path).toBe('/healthz');
  expect(container.startupProbe.httpGet.path).toBe('/healthz');
  expect(container.readinessProbe.httpGet.path).toBe('/readyz');
});

const missing = needs('kubectl');

describe.skipIf(missing !== undefined)('put together by kustomize', () => {
  test.each(['base', 'example'])('%s is what Kubernetes takes', (name) => {
    const text = execFileSync('kubectl', ['kustomize', join(folder, name)], { encoding: 'utf8' });
    const all = parseAllDocuments(text).map((document) => document.toJS() as Resource);
    expect(all.length).toBeGreaterThanOrEqual(base.length);
    for (const resource of all) if (!custom.includes(resource.kind)) validate(resource);
  });

  test('the example scales by connections, and reads its configuration from a file', () => {
    const text = execFileSync('kubectl', ['kustomize', join(folder, 'example')], { encoding: 'utf8' });
    expect(text).toContain('name: tickwire_connections');
    expect(text).toContain('value: /etc/tickwire/tickwire.config.json');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a document of YAML, looked at member by member
function deployment(): any {
  return (base.find(({ resource }) => resource.kind === 'Deployment')!.resource as Resource & { spec: unknown }).spec;
}

function variable(name: string): string {
  return deployment().template.spec.containers[0].env.find((one: { name: string }) => one.name === name).value;
}

/** Kustomize adds the labels that a workload is found by. */
function withSelectors(resource: Resource): Resource {
  if (resource.kind !== 'Deployment') return resource;
  const { spec } = resource as Resource & { spec: { template: object } };
  const labels = { 'app.kubernetes.io/name': 'tickwire' };
  const template = { ...spec.template, metadata: { labels } };
  return { ...resource, spec: { ...spec, selector: { matchLabels: labels }, template } } as Resource;
}

function validate(resource: Resource): void {
  const { apiVersion, kind } = resource;
  const { [kind]: Model } = require(`kubernetes-models/${apiVersion}/${kind}`);
  new Model(resource).validate();
}
