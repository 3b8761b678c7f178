/** The examples that run in Node, as processes of their own. They import the package by its name: what `npm ci` built. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

let server: RunningTickwire;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const flags = { port: '0', logLevel: 'silent', feeds: 'stocks' };
  const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags });
  server = await startTickwire({ ...config, open: [{ pattern: 'odd.*', kind: 'latest' }] });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => server?.stop());

test('node: prints what comes, and ends with Ctrl-C', async () => {
  const child = run('node/watch.mjs', ['market.sim.*.quote', socketUrl()]);
  const line = await firstLine(child);
  expect(line).toMatch(/^market\.sim\.[A-Z-]+\.quote \{"bid":/);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});

test('grafana-live: pushes line protocol, with its token, to the stream of that name', async () => {
  const grafana = await FakeGrafana.open();
  run('grafana-live/push.mjs', ['market.sim.AAPL.*'], grafana.environment);
  const { path, headers, body } = await grafana.next();
  expect(path).toBe('/api/live/push/tickwire');
  expect(headers.authorization).toBe('Bearer grafana-token');
  const points = body.split('\n').map(readLine);
  expect(points.length).toBeGreaterThan(0);
  for (const { measurement, fields, at } of points) {
    expect(measurement).toMatch(/^market\.sim\.AAPL\.\w+$/);
    expect(Object.values(fields).every(Number.isFinite)).toBe(true);
    expect(Math.abs(at / 1e6 - Date.now())).toBeLessThan(60_000);
  }
  await grafana.close();
});

test('grafana-live: any name of a field comes back from its line', async () => {
  const grafana = await FakeGrafana.open();
  run('grafana-live/push.mjs', ['odd.*'], grafana.environment);
  const names = fc.sample(
    fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', ' ', ',', '=', '\\', '.', 'é', '"') }),
    { numRuns: 100, seed: 7 },
  );
  const data = Object.fromEntries(names.filter((name) => !name.endsWith('\\')).map((name, i) => [`${name}x`, i]));
  const publish = () =>
    fetch(`${server.url}/publish`, { method: 'POST', body: JSON.stringify({ topic: 'odd.names', data }) });
  expect((await publish()).status).toBe(202);
  const { body } = await grafana.next();
  expect(readLine(body.split('\n')[0] ?? '').fields).toEqual(data);
  await grafana.close();
});

test('grafana-live: without a token it says what is missing', async () => {
  const child = run('grafana-live/push.mjs', [], {});
  const said = text(child.stderr as NodeJS.ReadableStream);
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(await said).toContain('GRAFANA_TOKEN must be the token of a service account of Grafana');
});

function run(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [example(name), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  while (!said.includes('\n')) {
    const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    said += chunk.toString();
  }
  return said.split('\n')[0] ?? '';
}

function socketUrl(): string {
  return server.url.replace(/^http/, 'ws');
}

type Push = { readonly path: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: string };

/** What Grafana would be told. */
class FakeGrafana {
  readonly environment: NodeJS.ProcessEnv;
  readonly #server: Server;
  readonly #pushes: Push[] = [];

  private constructor(http: Server) {
    this.#server = http;
    http.on('request', async (request, response) => {
      this.#pushes.push({ path: request.url, headers: request.headers, body: await text(request) });
      response.end();
      http.emit('pushed');
    });
    const { port } = http.address() as AddressInfo;
    this.environment = {
      GRAFANA_URL: `http://127.0.0.1:${port}`,
      GRAFANA_TOKEN: 'grafana-token',
      TICKWIRE_URL: socketUrl(),
    };
  }

  static async open(): Promise<FakeGrafana> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new FakeGrafana(http);
  }

  async next(): Promise<Push> {
    for (;;) {
      const push = this.#pushes.shift();
      if (push !== undefined) return push;
      await once(this.#server, 'pushed');
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** By the rules of line protocol: a backslash takes the meaning from the sign behind it. */
function readLine(line: string): { measurement: string; fields: Record<string, number>; at: number } {
  const [measurement = '', fields = '', at = ''] = split(line, ' ');
  const pairs = split(fields, ',').map((pair) => split(pair, '='));
  return {
    measurement: plain(measurement),
    fields: Object.fromEntries(pairs.map(([name = '', value]) => [plain(name), Number(value)])),
    at: Number(at),
  };
}

function split(line: string, by: string): string[] {
  const parts = [''];
  for (let i = 0; i < line.length; i++) {
    const sign = line[i] ?? '';
    if (sign === '\\') parts.push(`${parts.pop()}${sign}${line[++i] ?? ''}`);
    else if (sign === by) parts.push('');
    else parts.push(`${parts.pop()}${sign}`);
  }
  return parts;
}

function plain(escaped: string): string {
  return escaped.replace(/\\(.)/g, '$1');
}
