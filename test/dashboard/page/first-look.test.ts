/** What somebody sees who opens the page for the first time. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../../src/main.ts';
import { seriousFindings } from '../../support/accessibility.ts';
import { builtPage } from '../../support/built-page.ts';
import { needs } from '../../support/system-packages.ts';
import { tlsFiles } from '../../support/tls-files.ts';
import { panel, untilQuality, Visitor } from '../../support/visitor.ts';

const missing = needs('chromium');
const views = ['markets', 'weather', 'iot', 'host', 'topics', 'connection', 'docs'];
const places = [
  ...views,
  'markets/MSFT?range=4h',
  'weather/EGLL',
  'iot/seattle.pump-01',
  'topics/market.sim.AAPL.quote',
];

test('the page takes less than 120 kB of script over the network, and none of it makes code from text', async () => {
  const folder = join(await builtPage(), 'assets');
  const names = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const scripts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((bytes, script) => bytes + gzipSync(script).length, 0)).toBeLessThan(120_000);
  for (const script of scripts) expect(/\b(Function|eval)\(/.exec(script)).toBeNull();
});

describe.skipIf(missing !== undefined)('in a browser', { timeout: 60_000 }, () => {
  let server: RunningTickwire;
  let visitor: Visitor;

  beforeAll(async () => {
    await builtPage();
    server = await startServer();
    visitor = await Visitor.arrive();
  });

  afterEach(() => visitor.closePages());

  afterAll(async () => {
    await visitor?.leave();
    await server?.stop();
  });

  test('live values of every built-in feed are there and change, without an error or a request elsewhere', async () => {
    const { page, complaints, requests } = await visitor.open(server.url);

    await page.locator('#state[data-state="live"]').waitFor();
    await page.locator('.watch [data-cell=bid]', { hasText: /\d/ }).first().waitFor();
    await page.locator('.watch [data-flash]').first().waitFor(); // a value changed in place
    expect(await page.locator('.watch tbody tr').count()).toBeGreaterThanOrEqual(40);
    await go('weather', '.stations tbody tr');
    await go('iot', '.card');
    await go('host', '.host .chart canvas');
    await go('topics', '.tree-row');
    await go('connection', '.ladder-steps [aria-current]');
    await go('docs', '.docs');

    expect(complaints).toEqual([]);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.filter((url) => new URL(url).host !== new URL(server.url).host)).toEqual([]);

    async function go(view: string, sign: string) {
      await page.locator(`.nav a[href="#/${view}"]`).click();
      await page.locator(sign).first().waitFor();
      expect(await page.title()).toMatch(/^\w+ – Tickwire$/);
    }
  });

  test.each(places)('%s has no serious finding of axe-core, light or dark', async (place) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await visitor.open(`${server.url}/#/${place}`, { colorScheme });
      await page.locator('#state[data-state="live"]').waitFor();
      await page.locator('.panel-body').first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    }
  });

  test.each([360, 1280, 3840])('nothing hangs over the edge of a display %d px wide', async (width) => {
    const { page } = await visitor.open(server.url, { viewport: { width, height: 900 } });
    for (const place of places) {
      await page.goto(`${server.url}/#/${place}`);
      await page.locator('.panel-body').first().waitFor();
      await untilFrames(page, 3);
      expect([place, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([place, 0]);
    }
  });

  test('the theme follows the system until it is chosen, and the choice stays', async () => {
    const { page } = await visitor.open(server.url, { colorScheme: 'dark' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground()).toBe('rgb(14, 18, 22)');
    await page.getByRole('button', { name: 'Theme: auto' }).click();
    expect(await ground()).toBe('rgb(244, 246, 248)');
    await page.reload();
    expect(await ground()).toBe('rgb(244, 246, 248)');
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await ground()).toBe('rgb(14, 18, 22)');
  });

  test('a link says view, symbol and range, and Back comes back', async () => {
    const { page } = await visitor.open(`${server.url}/#/markets/MSFT?range=4h`);
    await panel(page, 'symbol').getByText('MSFT').waitFor();
    await panel(page, 'candles').locator('[aria-pressed=true]', { hasText: '4h' }).waitFor();
    await panel(page, 'candles').getByRole('button', { name: '30m' }).click();
    expect(new URL(page.url()).hash).toBe('#/markets/MSFT?range=30m');
    await page.locator('.nav a[href="#/iot"]').click();
    await page.locator('.card').first().waitFor();
    await page.goBack();
    await panel(page, 'symbol').getByText('MSFT').waitFor();
  });

  test('keys are enough: "/" searches, arrows walk, Enter chooses, Escape clears', async () => {
    const { page } = await visitor.open(server.url);
    await page.locator('.watch tbody tr').nth(20).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('micro');
    await page.keyboard.press('Escape');
    expect(await page.locator('#search').inputValue()).toBe('');
    await page.keyboard.press('/');
    await page.keyboard.type('ms');
    await page.locator('.watch [data-item=MSFT]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const [first] = await page.locator('.watch [data-item]').allInnerTexts();
    expect(new URL(page.url()).hash).toBe(`#/markets/${first}`);
  });

  test('symbols that are kept on top, and panels that are folded, stay so', async () => {
    const { page } = await visitor.open(server.url);
    await page.getByRole('button', { name: 'Keep XOM on top' }).click();
    await page.getByRole('button', { name: 'Fold: halts' }).click();
    await page.reload();
    await page.locator('.watch [data-item]').nth(20).waitFor();
    expect(await page.locator('.watch [data-item]').first().innerText()).toBe('XOM');
    expect(await panel(page, 'halts').locator('.panel-body').count()).toBe(0);
  });

  test('times are local, or those of UTC', async () => {
    const { page } = await visitor.open(`${server.url}/#/connection`, { timezoneId: 'Asia/Tokyo' });
    const since = panel(page, 'link').locator('dl > div', { hasText: 'Since' }).locator('dd');
    await since.filter({ hasText: /^\d\d:\d\d:\d\d$/ }).waitFor();
    const hourOf = async () => Number((await since.innerText()).slice(0, 2));
    const local = await hourOf();
    await page.getByLabel('Time zone').selectOption('utc');
    expect((local - (await hourOf()) + 24) % 24).toBe(9);
  });

  test('the policy of the page forbids code from text, and styles from text', async () => {
    const { page } = await visitor.open(server.url);
    const response = await page.request.get(server.url);
    expect(response.headers()['content-security-policy']).not.toMatch(/unsafe/);
    const outcome = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "inline code ran"';
      document.head.append(script);
      return document.title;
    });
    expect(outcome).not.toBe('inline code ran');
  });

  test('over TLS, with compression, the page shows what it shows without', async () => {
    const { tlsCertFile: tlsCert, tlsKeyFile: tlsKey, remove } = await tlsFiles();
    const secure = await startServer({ tlsCert, tlsKey, compress: '200' });
    const { page, requests } = await visitor.open(secure.url, { ignoreHTTPSErrors: true });
    await page.locator('#state[data-state="live"]').waitFor();
    await untilQuality(page, 'watch-list', 'live');
    expect(requests.filter((url) => !/^(https|wss|data):/.test(url))).toEqual([]);
    await secure.stop();
    await remove();
  });

  async function startServer(flags = {}): Promise<RunningTickwire> {
    const all = { port: '0', logLevel: 'silent', ...flags };
    return startTickwire(await loadConfig({ cwd: import.meta.dirname, env: {}, flags: all }));
  }

  async function untilFrames(page: import('playwright-core').Page, frames: number): Promise<void> {
    await page.evaluate(async (wanted) => {
      for (let i = 0; i < wanted; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    }, frames);
  }
});
