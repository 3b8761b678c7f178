import { get } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { connect as connectClient } from '../../src/client/index.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';
import { builtPage } from '../support/built-page.ts';
import { TestClient } from '../support/test-client.ts';
import { testServer } from '../support/test-server.ts';
import { type TestTls, tlsFiles } from '../support/tls-files.ts';

let tls: TestTls;
beforeAll(async () => {
  await builtPage();
  tls = await tlsFiles();
});
afterAll(() => tls.remove());

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

test('the client library reads live values over wss from a server that it was told to trust', async () => {
  const { url } = await start();
  expect(url).toMatch(/^https:/);
  const client = connectClient(url, { WebSocket: trusting(tls.cert) });
  stops.push(() => client.close());
  const [first] = await firstOf(client.subscribe('host.*.cpu'));
  expect(first?.type).toBe('value');
});

test('a client that was told nothing refuses the server, and says why', async () => {
  const { url } = await start();
  const client = connectClient(url, { WebSocket });
  stops.push(() => client.close());
  const reason = await new Promise((resolve) => {
    client.on('state', (state) => state.name === 'waiting' && resolve(state.reason));
  });
  expect(reason).toMatch(/self-signed certificate/);
});

test('the page, and what it asks for, come over https, and its own origin may connect', async () => {
  const { url } = await start();
  expect(await fetched(`${url}/`)).toMatch(/<title>/);
  expect(JSON.parse(await fetched(`${url}/topics?pattern=host.>`))).toHaveProperty('topics');
  const ws = `${url.replace('https', 'wss')}/ws`;
  (await TestClient.open(ws, 'tickwire.v1.msgpack', { Origin: url })).close();
  await expect(TestClient.open(ws, 'tickwire.v1.msgpack', { Origin: 'https://elsewhere.example' })).rejects.toThrow(
    'is not allowed',
  );
});

test('who speaks no TLS to it, or breaks off half way, disturbs nobody', async () => {
  const { port, url } = await start();
  await expect(fetch(`http://127.0.0.1:${port}/topics`)).rejects.toThrow();
  const half = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  half.on('error', () => {}).once('connect', () => half.destroy());
  await new Promise((resolve) => half.once('close', resolve));
  expect(await fetched(`${url}/healthz`)).toBeTruthy();
});

test('a certificate that is no longer valid is served, and logged', async () => {
  const old = await tlsFiles({ from: new Date(0), to: new Date(1e12) });
  stops.push(() => old.remove());
  const log = createLogger({ level: 'silent', format: 'json' });
  const warn = vi.spyOn(log, 'warn');
  await start(old, log);
  const facts = { file: old.tlsCertFile, validTo: new Date(1e12) };
  expect(warn.mock.calls).toEqual([[facts, 'the certificate has expired: clients will refuse it']]);
});

test('a pair that the library can not use is an error, and nothing is started', async () => {
  await expect(testServer({ tlsCertFile: tls.tlsKeyFile, tlsKeyFile: tls.tlsCertFile })).rejects.toThrow(
    `cannot use the certificate ${tls.tlsKeyFile} with the key ${tls.tlsCertFile}`,
  );
});

async function start({ tlsCertFile, tlsKeyFile } = tls, log?: Logger): Promise<RunningTickwire> {
  const flags = { port: '0', feeds: 'host', logLevel: 'silent', tlsCert: tlsCertFile, tlsKey: tlsKeyFile };
  const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags });
  const tickwire = await startTickwire(config, { ...(log !== undefined && { log }) });
  stops.push(() => tickwire.stop());
  return tickwire;
}

/** `ws` with a certificate of one's own, as programs hand it in. */
function trusting(ca: string) {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { ca });
    }
  };
}

function fetched(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca: tls.cert }, async (response) => {
      resolve(Buffer.concat(await response.toArray()).toString());
    }).on('error', reject);
  });
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  for await (const item of items) return [item];
  return [];
}
