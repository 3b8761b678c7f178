/** The documents that a running server makes of itself, held to their specifications and to what it does. */

import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';
import { turning } from '../support/feeds/turning.ts';

let server: RunningTickwire;

beforeAll(async () => {
  const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags: { port: '0', logLevel: 'silent' } });
  const schema = z.object({ from: z.string(), text: z.string() });
  const open = [
    { pattern: 'chat.*', kind: 'event' as const, schema },
    { pattern: 'lab.*.raw.>', kind: 'latest' as const },
  ];
  const changing = { use: fileURLToPath(new URL('../support/feeds/turning.ts', import.meta.url)), config: {} };
  server = await startTickwire({ ...config, open, feeds: [...config.feeds, changing] });
});

afterAll(() => server?.stop());

type Channel = {
  address: string;
  description: string;
  parameters?: object;
  messages: { value: { $ref: string } };
  'x-kind': string;
};
type AsyncApi = {
  servers: { this: { host: string; protocol: string } };
  channels: Record<string, Channel>;
  operations: Record<string, { action: string; channel: { $ref: string } }>;
  components: { messages: Record<string, { payload: { properties?: Record<string, Record<string, unknown>> } }> };
};
type OpenApi = { paths: Record<string, Record<string, { responses: Record<string, object>; security?: object[] }>> };

test('asyncapi.json is valid AsyncAPI 3, without an error or a warning of its shape', async () => {
  const { document, diagnostics } = await new Parser().parse(await (await get('/asyncapi.json')).text());
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  expect(document?.version()).toBe('3.0.0');
});

test('a schema that a feed changed while it runs is the one that is told', async () => {
  const fieldsNow = async () => {
    const { channels, components } = await asyncapi();
    const turned = Object.values(channels).findLast(({ address }) => address === 'host.{name}.cpu');
    const id = turned?.messages.value.$ref.split('/').at(-1) ?? '';
    return Object.keys(components.messages[id]?.payload.properties ?? {});
  };
  expect(await fieldsNow()).toEqual(['total', 'system', 'iowait']);
  turning.emit('turn');
  await expect.poll(fieldsNow).toEqual(['cores', 'system', 'total']);
});

test('it has every family of topics, with kind, parameters and the schema of its values', async () => {
  const { channels, components, servers } = await asyncapi();
  expect(servers.this).toMatchObject({ host: `127.0.0.1:${server.port}`, protocol: 'ws' });
  const quote = channelOf(channels, 'market.sim.{symbol}.quote');
  expect(quote).toMatchObject({ 'x-kind': 'latest', parameters: { symbol: {} } });
  const id = quote.messages.value.$ref.split('/').at(-1) ?? '';
  expect(components.messages[id]?.payload.properties?.bid).toMatchObject({ type: 'number', 'x-unit': 'USD' });
  expect(Object.values(channels).map(({ address }) => address)).toEqual(
    expect.arrayContaining([
      'host.{name}.cpu',
      'weather.sim.{station}.obs',
      'iot.{site}.{device}.event',
      'chat.{any1}',
    ]),
  );
});

test('the server sends everything, and takes what is open', async () => {
  const { channels, operations } = await asyncapi();
  const actions = (address: string) => {
    const [id] = Object.entries(channels).find(([, channel]) => channel.address === address) ?? [''];
    const all = Object.values(operations).filter(({ channel }) => channel.$ref === `#/channels/${id}`);
    return all.map(({ action }) => action);
  };
  expect(actions('market.sim.{symbol}.trade')).toEqual(['send']);
  expect(actions('chat.{any1}')).toEqual(['send', 'receive']);
  expect(actions('lab.{any1}.raw.{rest2}')).toEqual(['send', 'receive']);
});

test('every value that is published is one by its schema', async () => {
  const { channels, components } = await asyncapi();
  const ajv = new Ajv({ strict: false });
  const { topics } = (await (await get('/topics')).json()) as { topics: { topic: string }[] };
  let checked = 0;
  for (const { topic } of topics) {
    const found = Object.values(channels).findLast(({ address }) => patternOf(address).test(topic));
    expect([topic, found?.address]).toEqual([topic, expect.any(String)]);
    const id = found?.messages.value.$ref.split('/').at(-1) ?? '';
    const { data } = (await (await get(`/topics/${topic}`)).json()) as { data?: unknown };
    if (data === undefined || data === null) continue;
    const isOne = ajv.compile(components.messages[id]?.payload ?? false);
    expect([topic, isOne(data), isOne.errors]).toEqual([topic, true, null]);
    checked++;
  }
  expect(checked).toBeGreaterThan(100);
});

test('openapi.json is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(
    (await (await get('/openapi.json')).json()) as Record<string, unknown>,
  );
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('each path that can be read answers as it is documented; those of admins ask for a token', async () => {
  const { paths } = await openapi();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/topics/{topic}/history', '/metrics', '/admin/sessions/{id}', '/openapi.json']),
  );
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      if (path === '/events') continue; // never ends
      const url = path.replace('{topic}', 'market.sim.AAPL.trade').replace(/\{\w+\}/g, 'nobody');
      const { status } = await fetch(`${server.url}${url}`, { method: method.toUpperCase() });
      expect([method, path, Object.keys(responses)]).toEqual([method, path, expect.arrayContaining([`${status}`])]);
    }
  }
});

test('a request that calls the server what it can not be called changes no document', async () => {
  for (const host of ['"><script>', 'a b', 'x'.repeat(300)]) {
    const { body } = await rawGet('/asyncapi.json', host);
    expect(body).toContain('"host":"localhost"');
    expect(body).not.toContain('<script>');
  }
});

function get(path: string): Promise<Response> {
  return fetch(`${server.url}${path}`);
}

async function asyncapi(): Promise<AsyncApi> {
  return (await get('/asyncapi.json')).json() as Promise<AsyncApi>;
}

async function openapi(): Promise<OpenApi> {
  return (await get('/openapi.json')).json() as Promise<OpenApi>;
}

function channelOf(channels: AsyncApi['channels'], address: string): Channel {
  const found = Object.values(channels).find((channel) => channel.address === address);
  if (found === undefined) throw new Error(`no channel ${address}`);
  return found;
}

function patternOf(address: string): RegExp {
  return new RegExp(
    `^${address
      .replaceAll('.', '\\.')
      .replace(/\{rest\d+\}/g, '.+')
      .replace(/\{\w+\}/g, '[^.]+')}$`,
  );
}

async function rawGet(path: string, host: string): Promise<{ body: string }> {
  const { connect } = await import('node:net');
  const socket = connect(server.port, '127.0.0.1');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let body = '';
  for await (const chunk of socket) body += String(chunk);
  return { body };
}
