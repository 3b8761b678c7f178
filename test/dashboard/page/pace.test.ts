/** How much the page asks the server for, and what it says of what it gets. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../../src/main.ts';
import { builtPage } from '../../support/built-page.ts';
import { needs } from '../../support/system-packages.ts';
import { panel, untilQuality, Visitor } from '../../support/visitor.ts';

const missing = needs('chromium');
const adminToken = 'a-token-of-more-than-sixteen-letters';
const headers = { Authorization: `Bearer ${adminToken}` };

type Wanted = {
  readonly patterns: readonly string[] /** 0: all there are. */;
  readonly rate: number;
  readonly paused: boolean;
};

describe.skipIf(missing !== undefined)('in a browser', { timeout: 60_000 }, () => {
  let visitor: Visitor;
  let server: RunningTickwire;

  beforeAll(async () => {
    await builtPage();
    visitor = await Visitor.arrive();
  });

  beforeEach(async () => {
    const flags = { port: '0', logLevel: 'silent', feeds: 'stocks' };
    const config = await loadConfig({ cwd: import.meta.dirname, env: { TICKWIRE_ADMIN_TOKEN: adminToken }, flags });
    server = await startTickwire(config);
  });

  afterEach(async () => {
    await visitor.closePages();
    await server.stop();
  });

  afterAll(() => visitor?.leave());

  test('the slider changes every live subscription, the badge says what is granted, and values go on', async () => {
    const { page } = await visitor.open(server.url);
    await untilQuality(page, 'watch-list', 'live');
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await untilWanted((all) => all.every(({ rate }) => rate === 0.2));
    await panel(page, 'watch-list').locator('.badge', { hasText: '≤ 0.2/s each' }).waitFor();
    await panel(page, 'watch-list').locator('.badge', { hasText: 'conflated' }).waitFor();
    await page.keyboard.press('End');
    await untilWanted((all) => all.some(({ rate }) => rate === 0));
    await page.locator('.watch [data-flash]').first().waitFor();
    expect(await reconnects(page)).toBe('0');
  });

  test('the rate that was chosen is the one that the next visit begins with', async () => {
    const { page } = await visitor.open(server.url);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await page.reload();
    await untilQuality(page, 'watch-list', 'live');
    await untilWanted((all) => all.length > 0 && all.every(({ rate }) => rate === 0.2));
    expect(await page.locator('.rate output').innerText()).toBe('0.2/s');
  });

  test('paused, nothing comes and everything stands still; then it goes on with the newest', async () => {
    const { page } = await visitor.open(server.url);
    await untilQuality(page, 'watch-list', 'live');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilWanted((all) => all.every(({ paused }) => paused === true));
    await panel(page, 'watch-list').locator('.badge[data-word=paused]').waitFor();
    await page.locator('[data-flash]').first().waitFor({ state: 'detached' });
    const before = await page.locator('.watch [data-cell=bid]').allInnerTexts();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(await page.locator('.watch [data-cell=bid]').allInnerTexts()).toEqual(before);
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await page.locator('.watch [data-flash]').first().waitFor();
  });

  test('a tab that nobody sees asks for nearly nothing, and for everything again when it is looked at', async () => {
    const { page } = await visitor.open(server.url);
    await untilQuality(page, 'watch-list', 'live');
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, isHidden);
    await hide(true);
    await untilWanted((all) => all.every(({ rate }) => rate === 0.2));
    await hide(false);
    await untilWanted((all) => all.some(({ rate }) => rate === 0));
  });

  test('a view that was left is unsubscribed', async () => {
    const { page } = await visitor.open(server.url);
    await untilWanted((all) => all.some(({ patterns }) => patterns.includes('market.sim.*.quote')));
    await page.locator('.nav a[href="#/docs"]').click();
    await untilWanted((all) => all.length === 0);
  });

  test('what is out of sight is not drawn', async () => {
    const { page } = await visitor.open(server.url, { viewport: { width: 1280, height: 500 } });
    await untilQuality(page, 'watch-list', 'live');
    const below = page.locator('.watch tbody tr').last();
    await page.locator('.watch tbody tr').nth(30).waitFor();
    expect(await below.locator('[data-cell=bid]').innerText()).toBe('');
    await below.scrollIntoViewIfNeeded();
    await below.locator('[data-cell=bid]', { hasText: /\d/ }).waitFor();

    await page.locator('.watch tbody tr').first().scrollIntoViewIfNeeded();
    const drawn = await page.evaluateHandle(() => {
      const rows = [...document.querySelectorAll('.watch tbody tr')];
      const counts = { above: 0, below: 0 };
      const count = (row: Element | undefined, where: keyof typeof counts) => {
        const observer = new MutationObserver(() => counts[where]++);
        if (row !== undefined) observer.observe(row, { subtree: true, childList: true });
      };
      count(rows[0], 'above');
      count(rows.at(-1), 'below');
      return counts;
    });
    await page.waitForFunction(({ above }) => above >= 10, drawn);
    expect(await drawn.jsonValue()).toMatchObject({ below: 0 });
  });

  test('a slow link takes the page down the ladder, which says so, and up again', async () => {
    const { page } = await visitor.open(`${server.url}/#/connection`);
    await page.locator('#state[data-state=live]').waitFor();
    await page.getByLabel('Simulate a slow link').check();
    await page.locator('.ladder-steps [aria-current]', { hasText: 'conflated' }).waitFor();
    await page.locator('#state[data-state=conflated]').waitFor();
    await panel(page, 'delivery').locator('li[data-kind=skipped]').first().waitFor();
    await page.getByLabel('Simulate a slow link').uncheck();
    await page.locator('.ladder-steps [aria-current]', { hasText: 'full' }).waitFor();
    await page.locator('#state[data-state=live]').waitFor();
  });

  test('a source that falls silent is stale within its limit, and live again with its next word', async () => {
    const { page } = await visitor.open(server.url);
    await untilQuality(page, 'watch-list', 'live');
    await steer('pause');
    await untilQuality(page, 'watch-list', 'stale'); // a ticker is due each second, and stale after five
    await steer('resume');
    await untilQuality(page, 'watch-list', 'live');
  });

  async function steer(what: 'pause' | 'resume'): Promise<void> {
    const { status } = await fetch(`${server.url}/admin/feeds/stocks/${what}`, { method: 'POST', headers });
    expect(status).toBe(200);
  }

  /** What the page's session is subscribed to, as the server has it. */
  async function untilWanted(isSo: (all: readonly Wanted[]) => boolean): Promise<void> {
    await expect.poll(async () => isSo(await wanted()), { timeout: 10_000, interval: 50 }).toBe(true);
  }

  async function wanted(): Promise<readonly Wanted[]> {
    const read = async (path: string) => (await fetch(`${server.url}${path}`, { headers })).json();
    const { connections } = (await read('/admin/sessions')) as { connections: { id: string }[] };
    const session = connections[0]?.id ?? '';
    return ((await read(`/admin/sessions/${session}`)) as { subscriptions: Wanted[] }).subscriptions;
  }

  async function reconnects(page: import('playwright-core').Page): Promise<string> {
    await page.locator('.nav a[href="#/connection"]').click();
    return panel(page, 'link').locator('dl > div', { hasText: 'Reconnects' }).locator('dd').innerText();
  }
});
