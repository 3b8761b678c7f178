import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../bench/support/free-port.ts';
import type { RunningTickwire } from '../../src/main.ts';
import { startProxy, twoServers } from '../support/proxied-servers.ts';
import { needs } from '../support/system-packages.ts';
import { TestClient } from '../support/test-client.ts';

const inHouse = ['/metrics', '/connections', '/ledger', '/admin/feeds', '/healthz', '/readyz'];

describe.skipIf(needs('nginx') !== undefined)('nginx', () =>
  keepsItsPromises(async (folder, port, servers) => {
    const site = await exampleOf('nginx/tickwire.conf', { 9000: servers[0].port, 9001: servers[1].port, 8080: port });
    const file = join(folder, 'nginx.conf');
    await writeFile(join(folder, 'site.conf'), site);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const http = `http { access_log off; ${places.join(' ')} include ${folder}/site.conf; }`;
    await writeFile(file, `daemon off; pid ${folder}/pid; error_log ${folder}/log;\nevents {}\n${http}\n`);
    execFileSync('/usr/sbin/nginx', ['-t', '-q', '-c', file]);
    return startProxy('/usr/sbin/nginx', ['-c', file]);
  }),
);

describe.skipIf(needs('haproxy') !== undefined)('HAProxy', () =>
  keepsItsPromises(async (folder, port, servers) => {
    const text = await exampleOf('haproxy/haproxy.cfg', { 9000: servers[0].port, 9001: servers[1].port, 8080: port });
    const file = join(folder, 'haproxy.cfg');
    await writeFile(file, text);
    execFileSync('/usr/sbin/haproxy', ['-c', '-q', '-f', file]);
    return startProxy('/usr/sbin/haproxy', ['-db', '-q', '-f', file]);
  }),
);

type Start = (
  folder: string,
  port: number,
  servers: readonly [RunningTickwire, RunningTickwire],
) => Promise<{ readonly stop: () => Promise<void> }>;

/** What every example of a proxy does. */
function keepsItsPromises(start: Start): void {
  let servers: readonly [RunningTickwire, RunningTickwire];
  let proxy: { readonly stop: () => Promise<void> };
  let folder: string;
  let http: string;
  let ws: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tickwire-proxy-'));
    servers = await twoServers();
    const port = await freePort();
    proxy = await start(folder, port, servers);
    http = `http://127.0.0.1:${port}`;
    ws = `ws://127.0.0.1:${port}/ws`;
    await expect
      .poll(
        () =>
          fetch(`${http}/topics`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 10_000 },
      )
      .toBe(200);
  });
  afterEach(async () => {
    await proxy.stop();
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  test('WebSockets, events and the page come through', async () => {
    const client = await TestClient.greeted(ws);
    client.subscribe('weather.>');
    await client.next('data');
    const events = await fetch(`${http}/events?topics=weather.*.*.obs`);
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const { value } = await events.body!.getReader().read();
    expect(Buffer.from(value!).toString()).toContain('retry:');
    client.socket.close();
  });

  test.each(inHouse)('%s is not for those outside', async (path) => {
    expect((await fetch(http + path)).status).toBe(404);
    expect((await fetch(servers[0].url + path.replace('/admin/feeds', '/healthz'))).status).toBe(200);
  });

  test('a server that drains keeps its clients until their moment, and newcomers get to the other one', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => TestClient.greeted(ws)));
    const [a, b] = servers;
    expect(a.server.sessions.size + b.server.sessions.size).toBe(6);
    const leaver = a.server.sessions.size > 0 ? a : b;
    const stayer = leaver === a ? b : a;
    const drained = leaver.server.drain();
    expect(leaver.server.isDraining).toBe(true);
    const before = stayer.server.sessions.size;
    for (let i = 0; i < 4; i++) clients.push(await TestClient.greeted(ws));
    expect(stayer.server.sessions.size).toBe(before + 4);
    await drained;
    for (const client of clients) client.socket.terminate();
  });
}

/** The example with other ports, put in at once: one that the system chose may have another within it. */
async function exampleOf(path: string, ports: Readonly<Record<string, number>>): Promise<string> {
  const text = await readFile(fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url)), 'utf8');
  for (const port of Object.keys(ports)) expect(text).toContain(port);
  return text.replace(new RegExp(`\\b(${Object.keys(ports).join('|')})\\b`, 'g'), (port) => `${ports[port]}`);
}
