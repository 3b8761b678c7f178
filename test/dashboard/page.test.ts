import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Flags } from '../../src/config.ts';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';
import { builtPage } from '../support/built-page.ts';
import { CuttablePath } from '../support/cuttable-path.ts';
import { needs, systemPackages } from '../support/system-packages.ts';
import { tlsFiles } from '../support/tls-files.ts';

const missing = needs('chromium');
const chromiumArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

test('the page takes less than 60 kB of script over the network, and none of it makes code from text', async () => {
  const folder = join(await builtPage(), 'assets');
  const names = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const scripts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((bytes, script) => bytes + gzipSync(script).length, 0)).toBeLessThan(60_000);
  for (const script of scripts) expect(/\b(Function|eval)\(/.exec(script)).toBeNull();
});

describe.skipIf(missing !== undefined)('in a browser', () => {
  let server: RunningTickwire;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    await builtPage();
    server = await startServer();
    browser = await chromium.launch({ executablePath: systemPackages.chromium.program, args: chromiumArgs });
  });

  afterEach(() => context?.close());

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('live values of every built-in feed appear at once and change, without an error or a request elsewhere', async () => {
    const { page, complaints, requests } = await open();

    await page.locator('#state[data-state="live"]').waitFor();
    for (const title of ['Markets', 'Host', 'Weather', 'IoT', 'Replay and events']) {
      await section(page, title).locator('tbody tr').first().waitFor();
    }
    expect(await section(page, 'Markets').locator('tbody tr td').first().textContent()).toMatch(/^[A-Z-]+$/);
    await section(page, 'Markets').locator('td[data-flash]').first().waitFor(); // a value changed in place
    await page.waitForFunction(() => Number(document.getElementById('rate')?.textContent) > 0);
    expect(Number(await page.locator('#topics').textContent())).toBeGreaterThan(50);

    expect(complaints).toEqual([]);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.filter((url) => new URL(url).host !== new URL(server.url).host)).toEqual([]);
  });

  test('what publishers write is text, whatever it looks like', async () => {
    const { page, complaints } = await open();
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e';

    await publish('room.hostile', { [hostile]: hostile });

    const row = section(page, 'Other topics').locator('tr', { hasText: 'room.hostile' });
    await row.waitFor();
    expect(await row.textContent()).toContain('<img src=x onerror=');
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    expect(await page.title()).toBe('Tickwire');
    expect(complaints).toEqual([]);
  });

  test('a flood of new topics neither grows the page without end nor hides that there is more', async () => {
    const { page } = await open();

    await publish(...Array.from({ length: 150 }, (_, i) => [`room.flood-${i}`, i] as const).flat());

    const others = section(page, 'Other topics');
    await others.locator('.note:not([hidden])').waitFor();
    expect(await others.locator('.note').textContent()).toBe('Only the first 100 are shown.');
    expect(await others.locator('tbody tr').count()).toBe(100);
  });

  test('the policy of the page forbids code from text', async () => {
    const { page } = await open();
    const outcome = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "inline code ran"';
      document.head.append(script);
      return document.title;
    });
    expect(outcome).toBe('Tickwire');
  });

  test('the page says in one word how its connection is, and comes back by itself', async () => {
    const path = await CuttablePath.to(server.port);
    const { page } = await open({}, `http://127.0.0.1:${path.port}`);
    await page.locator('#state[data-state="live"]').waitFor();

    await path.cut();
    // State and word in one look: a moment later it tries again and says so.
    await page.locator('#state[data-state="waiting"]', { hasText: /^waiting$/ }).waitFor();

    await path.mend();
    await page.locator('#state[data-state="live"]').waitFor();
    await path.cut();
  });

  test('over TLS, with compression, the page shows what it shows without', async () => {
    const { tlsCertFile: tlsCert, tlsKeyFile: tlsKey, remove } = await tlsFiles();
    const secure = await startServer({ tlsCert, tlsKey, compress: '200' });
    context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    const upgraded = new Promise<Record<string, string>>((resolve) => {
      devTools.once('Network.webSocketHandshakeResponseReceived', ({ response }) => resolve(response.headers));
    });
    await page.goto(secure.url);
    await page.locator('#state[data-state="live"]').waitFor();
    await section(page, 'Markets').locator('td[data-flash]').first().waitFor();
    expect(await upgraded).toMatchObject({ 'Sec-WebSocket-Extensions': expect.stringMatching(/^permessage-deflate/) });
    expect(page.url()).toMatch(/^https:/);
    await secure.stop();
    await remove();
  });

  test.each([
    ['light', 'rgb(246, 247, 249)'],
    ['dark', 'rgb(16, 20, 24)'],
  ] as const)('a %s system gets a page to match, which fits a telephone', async (colorScheme, ground) => {
    const { page } = await open({ colorScheme, viewport: { width: 360, height: 700 } });
    await section(page, 'Markets').locator('tbody tr').first().waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(ground);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  async function startServer(flags: Flags = {}): Promise<RunningTickwire> {
    const all = { port: '0', logLevel: 'silent', ...flags };
    const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags: all });
    return startTickwire({ ...config, open: [{ pattern: 'room.*', kind: 'latest' }] });
  }

  async function open(look: Parameters<Browser['newContext']>[0] = {}, url = server.url) {
    context = await browser.newContext(look);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    page.on('websocket', (socket) => requests.push(socket.url()));
    await page.goto(url);
    return { page, complaints, requests };
  }

  /** Topic, data, topic, data, … */
  async function publish(...topicsAndData: unknown[]): Promise<void> {
    const publications = [];
    for (let i = 0; i < topicsAndData.length; i += 2) {
      publications.push({ topic: topicsAndData[i], data: topicsAndData[i + 1] });
    }
    const response = await fetch(`${server.url}/publish`, { method: 'POST', body: JSON.stringify(publications) });
    expect(response.status).toBe(202);
  }

  function section(page: Page, title: string) {
    return page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
  }
});
