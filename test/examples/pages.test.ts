/** The examples that run in a browser, as somebody opens them from a site of their own. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';
import { builtPage } from '../support/built-page.ts';
import { CuttablePath } from '../support/cuttable-path.ts';
import { type StaticSite, staticSite } from '../support/static-site.ts';
import { needs } from '../support/system-packages.ts';
import { Visitor } from '../support/visitor.ts';

const missing = needs('chromium');
const examples = fileURLToPath(new URL('../../examples', import.meta.url));

describe.skipIf(missing !== undefined)('in a browser', { timeout: 60_000 }, () => {
  let site: StaticSite;
  let server: RunningTickwire;
  let visitor: Visitor;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    await builtPage();
    site = await staticSite(examples);
    server = await startServer(site.url);
    visitor = await Visitor.arrive();
  });

  afterEach(async () => {
    await visitor.closePages();
    for (const stop of stops.splice(0)) await stop();
  });

  afterAll(async () => {
    await visitor?.leave();
    await server?.stop();
    await site?.close();
  });

  test('html: thirty lines of dashboard, with the library from the server itself, that come back after a cut', async () => {
    const path = await CuttablePath.to(server.port);
    stops.push(() => path.cut());
    const { page, complaints } = await visitor.open(`${site.url}/html/?server=http://127.0.0.1:${path.port}`);
    await untilItChanges(page, '#quotes tr:first-child td:last-child');
    expect(complaints).toEqual([]);
    await path.cut();
    await page.locator('#state', { hasText: /waiting|connecting/ }).waitFor();
    await path.mend();
    await page.locator('#state', { hasText: 'open' }).waitFor();
    await untilItChanges(page, '#quotes');
  });

  test('react: a hook that renders what a topic says, and unsubscribes with its component', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tickwire-react-'));
    stops.push(() => rm(folder, { recursive: true }));
    const configFile = join(examples, 'react/vite.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    const built = await staticSite(folder);
    const own = await startServer(built.url);
    stops.push(() => built.close().then(() => own.stop()));

    const { page, complaints } = await visitor.open(`${built.url}/?server=${own.url}`);
    await page.locator('li', { hasText: /^AAPL \d+\.\d\d \/ \d+\.\d\d live$/ }).waitFor();
    await untilItChanges(page, 'ul');
    await expect.poll(() => patternsOf(own)).toEqual(['AAPL', 'MSFT', 'NVDA']);
    await page.getByRole('button', { name: 'One less' }).click();
    await expect.poll(() => patternsOf(own)).toEqual(['MSFT', 'NVDA']);
    expect(complaints).toEqual([]);
  });

  test('json-websocket: a page without any library', async () => {
    const { page, complaints } = await visitor.open(`${site.url}/json-websocket/?server=${server.url}`);
    await page
      .locator('li', { hasText: /^market\.sim\.[A-Z-]+\.quote: \d+/ })
      .first()
      .waitFor();
    await untilItChanges(page, '#list');
    expect(complaints).toEqual([]);
  });

  test('sse: the same by EventSource', async () => {
    const { page, complaints } = await visitor.open(`${site.url}/sse/?server=${server.url}`);
    await page
      .locator('li', { hasText: /^market\.sim\.[A-Z-]+\.trade \d+ at \d+/ })
      .first()
      .waitFor();
    await untilItChanges(page, '#trades');
    expect(complaints).toEqual([]);
  });

  test('a page of a site that the server does not trust is kept out, and its console says by whom', async () => {
    const stranger = await staticSite(examples);
    stops.push(() => stranger.close());
    const { page } = await visitor.open(`${stranger.url}/html/?server=${server.url}`);
    await page.locator('#state', { hasText: 'waiting' }).waitFor();
    expect(await page.locator('#quotes tr').count()).toBe(0);
  });

  async function startServer(origin: string): Promise<RunningTickwire> {
    const flags = { port: '0', logLevel: 'silent', feeds: 'stocks', allowedOrigins: origin };
    return startTickwire(await loadConfig({ cwd: import.meta.dirname, env: {}, flags }));
  }

  async function patternsOf({ url }: RunningTickwire): Promise<(string | undefined)[]> {
    const { connections } = (await (await fetch(`${url}/connections`)).json()) as {
      connections: { subscriptions: { patterns: string[] }[] }[];
    };
    const patterns = connections.flatMap(({ subscriptions }) => subscriptions.flatMap((each) => each.patterns));
    return patterns.map((pattern) => pattern.split('.')[2]).sort();
  }

  async function untilItChanges(page: Page, selector: string): Promise<void> {
    const place = page.locator(selector).first();
    await place.waitFor();
    const before = await place.innerText();
    await page.waitForFunction(
      ([where = '', text]) => document.querySelector<HTMLElement>(where)?.innerText !== text,
      [selector, before],
    );
  }
});
