import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';
import { Readiness } from '../../src/server/readiness.ts';
import { TestClient } from '../support/test-client.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tickwire-ready-'));
});
afterAll(() => rm(folder, { recursive: true }));
const started: RunningTickwire[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((tickwire) => tickwire.stop()));
});

test('everything that is in the way is named, as it is when asked', () => {
  let inTheWay: string | undefined = 'a is down';
  const readiness = new Readiness([() => inTheWay, () => undefined, () => inTheWay && 'so is b']);
  expect(readiness.reasons()).toEqual(['a is down', 'so is b']);
  expect(readiness.isReady()).toBe(false);
  inTheWay = undefined;
  expect(readiness.reasons()).toEqual([]);
  expect(readiness.isReady()).toBe(true);
});

test('a feed that is down matters where it is required, and nowhere else', async () => {
  const broken = feed('broken', `connect() { throw new FeedError.Fatal('no such account') }`, 'always');
  const { http, tickwire } = await start({ broken }, [{ use: './broken.ts', required: true }]);
  await expect.poll(() => tickwire.feeds[0]?.stats().status).toBe('down');
  expect(await readyz(http)).toEqual([503, '5', ['feed "broken" is down: no such account']]);
  expect(tickwire.server.readiness.isReady()).toBe(false);
  expect((await fetch(`${http}/healthz`)).status).toBe(200);

  const indifferent = await start({ broken }, [{ use: './broken.ts' }]);
  await expect.poll(() => indifferent.tickwire.feeds[0]?.stats().status).toBe('down');
  expect(await readyz(indifferent.http)).toEqual([200, null, undefined]);
});

test('a required feed is waited for until it shows life, and again when it failed', async () => {
  const moody = feed(
    'moody',
    `retry: { minDelayMs: 3_600_000 }, async *stream({ signal }) {
      await new Promise((go) => { globalThis.moodyGo = go });
      yield { topic: 'moody.x', data: { v: 1 } };
      await new Promise((go) => { globalThis.moodyGo = go });
      throw new Error('the source went away');
    }`,
    'always',
  );
  const { http } = await start({ moody }, [{ use: './moody.ts', required: true }]);
  const go = () => (globalThis as unknown as { moodyGo: () => void }).moodyGo();
  expect(await readyz(http)).toEqual([503, '5', ['feed "moody" is starting']]);
  go();
  await expect.poll(() => readyz(http)).toEqual([200, null, undefined]);
  go();
  const failed = /^feed "moody" failed: the source went away; starting again in [\d.]+ s$/;
  await expect.poll(() => readyz(http)).toEqual([503, '5', [expect.stringMatching(failed)]]);
});

test('a required feed that failed is tried again though nobody wants it; once it is well it may rest', async () => {
  const shy = feed(
    'shy',
    `retry: { minDelayMs: 20, maxDelayMs: 20 }, connect() {
      globalThis.shyStarts = (globalThis.shyStarts ?? 0) + 1;
      if (globalThis.shyStarts < 4) throw new Error('not yet');
    }`,
    'run',
  );
  const { http, ws, tickwire } = await start({ shy }, [{ use: './shy.ts', required: true }]);
  const stats = () => tickwire.feeds[0]?.stats();
  await expect.poll(() => stats()?.status).toBe('ok');
  expect(stats()?.restarts).toBe(3);
  const client = await TestClient.greeted(ws);
  client.subscribe('shy.x');
  await client.next('subscribed');
  client.close();
  await expect.poll(() => stats()?.activity).toBe('idle');
  expect(await readyz(http)).toEqual([200, null, undefined]);
});

test('a required feed that has ended is missed', async () => {
  const brief = feed('brief', 'async *stream() {}', 'always');
  const { http } = await start({ brief }, [{ use: './brief.ts', required: true }]);
  await expect.poll(() => readyz(http)).toEqual([503, '5', ['feed "brief" has ended']]);
  const status = await (await fetch(`${http}/status`)).json();
  expect(status).toMatchObject({ ready: false, reasons: ['feed "brief" has ended'] });
});

async function start(files: Record<string, string>, feeds: readonly object[]) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.ts`), text);
  await writeFile(join(folder, 'config.json'), JSON.stringify({ feeds, server: { demandLingerMs: 0 } }));
  const flags = { port: '0', logLevel: 'silent', config: 'config.json' };
  const tickwire = await startTickwire(await loadConfig({ cwd: folder, env: {}, flags }));
  started.push(tickwire);
  return { tickwire, http: tickwire.url, ws: `${tickwire.url.replace('http', 'ws')}/ws` };
}

async function readyz(http: string): Promise<[status: number, retryAfter: string | null, reasons: unknown]> {
  const response = await fetch(`${http}/readyz`);
  const { ready, reasons } = (await response.json()) as { ready: boolean; reasons?: string[] };
  expect(ready).toBe(response.ok);
  return [response.status, response.headers.get('retry-after'), reasons];
}

function feed(name: string, body: string, demand: 'always' | 'run'): string {
  return `
import { defineFeed, FeedError } from 'tickwire/feed';
import { z } from 'zod';
export default defineFeed({
  name: '${name}', topics: { '${name}.x': { schema: z.object({ v: z.number() }) } }, demand: '${demand}', ${body},
});`;
}
