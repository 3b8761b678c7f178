import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type RunningTickwire, startTickwire } from '../src/main.ts';
import { TestClient } from './support/test-client.ts';

const started: RunningTickwire[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((tickwire) => tickwire.stop()));
});

test('the built-in feeds reach a subscriber: a snapshot at once, then what is new', async () => {
  const { ws, http } = await start({});
  await expect.poll(async () => (await topics(http)).length, { timeout: 15_000 }).toBeGreaterThan(200);
  const client = await TestClient.greeted(ws);
  client.subscribe('market.sim.*.ticker', 'host.*.cpu');
  const snapshot = await client.next('snapshot');
  expect(snapshot.rows).toHaveLength(1);
  await client.next('data');
});

test('a feed that throws, one that hangs and one that publishes rubbish disturb nobody', async () => {
  const folder = await folderWith({
    'throws.ts': feedFile('throws', `tick() { throw new Error('no') }`),
    'hangs.ts': feedFile('hangs', `tick: () => new Promise(() => {})`),
    'rubbish.ts': feedFile('rubbish', `tick({ publish }) { publish('rubbish.x', { v: 'NaN' } as never) }`),
    'honest.ts': feedFile(
      'honest',
      `setup: () => ({ v: 0 }), tick({ publish }, state) { publish('honest.x', { v: ++state.v }) }`,
    ),
  });
  const names = ['throws', 'hangs', 'rubbish', 'honest'];
  const { tickwire, ws } = await start({ feeds: names.map((name) => `./${name}.ts`).join(',') }, folder);
  const client = await TestClient.greeted(ws);
  client.subscribe('honest.x');
  for (let i = 0; i < 20; i++) await client.next('data');
  const stats = Object.fromEntries(tickwire.feeds.map((feed) => [feed.name, feed.stats()]));
  expect(stats.throws).toMatchObject({ errors: expect.any(Number), lastError: expect.stringContaining('no') });
  expect(stats.throws!.errors).toBeGreaterThan(5);
  expect(stats.hangs).toMatchObject({ ticks: 1 });
  expect(stats.rubbish!.rejected).toBeGreaterThan(5);
  expect(stats.honest).toMatchObject({ errors: 0, rejected: 0 });
});

test('what a file’s feed publishes is checked every time', async () => {
  const folder = await folderWith({
    'sly.ts': feedFile(
      'sly',
      `setup: () => ({ n: 0 }), tick({ publish }, state) { publish('sly.x', { v: state.n++ === 0 ? 1 : 'bad' } as never) }`,
    ),
  });
  const { tickwire } = await start({ feeds: './sly.ts' }, folder);
  await expect.poll(() => tickwire.feeds[0]!.stats().rejected, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(tickwire.feeds[0]!.stats().published).toBe(1);
});

test('a feed that cannot be had fails the start, before anything listens', async () => {
  const folder = await folderWith({ 'broken.ts': `throw new Error('half written')` });
  await expect(start({ feeds: './broken.ts' }, folder)).rejects.toThrow(/broken\.ts.*half written/s);
  await expect(start({ feeds: './absent.ts' }, folder)).rejects.toThrow(/absent\.ts/);
  await expect(start({ feeds: 'stonks' }, folder)).rejects.toThrow(/"?stonks"?.*stocks/s);
});

test('stopping ends feeds and connections within two seconds, and can be asked for twice', async () => {
  const { tickwire, ws, http } = await start({ feeds: 'host,iot' });
  const client = await TestClient.greeted(ws);
  const before = performance.now();
  await Promise.all([tickwire.stop(), tickwire.stop()]);
  expect(performance.now() - before).toBeLessThan(2000);
  expect((await client.closed).code).toBe(1012);
  await expect(fetch(`${http}/healthz`)).rejects.toThrow();
});

async function start(flags: Record<string, string>, cwd = tmpdir()) {
  const config = await loadConfig({ cwd, env: {}, flags: { port: '0', logLevel: 'silent', ...flags } });
  const tickwire = await startTickwire(config);
  started.push(tickwire);
  return { tickwire, http: tickwire.url, ws: `${tickwire.url.replace('http', 'ws')}/ws` };
}

async function topics(http: string): Promise<unknown[]> {
  const response = await fetch(`${http}/topics`);
  return ((await response.json()) as { topics: unknown[] }).topics;
}

function folderWith(files: Record<string, string>): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tickwire-main-')).then(async (folder) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  });
}

function feedFile(name: string, body: string): string {
  return `
    import { z } from 'zod';
    import { defineFeed } from 'tickwire/feed';
    enum Unused { A }
    export default defineFeed({
      name: '${name}',
      topics: { '${name}.{x}': { schema: z.object({ v: z.number() }) } },
      every: 20,
      ${body},
    });`;
}
