/** What publishers write is text, whatever it looks like; figures that are none are dashes; and there may be any number of topics. */

import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../../src/main.ts';
import { builtPage } from '../../support/built-page.ts';
import { manyTopics } from '../../support/feeds/many.ts';
import { turning } from '../../support/feeds/turning.ts';
import { needs } from '../../support/system-packages.ts';
import { panel, untilQuality, Visitor } from '../../support/visitor.ts';

const missing = needs('chromium');
const feed = (name: string) => fileURLToPath(new URL(`../../support/feeds/${name}.ts`, import.meta.url));

describe.skipIf(missing !== undefined)('in a browser', { timeout: 60_000 }, () => {
  let visitor: Visitor;
  let server: RunningTickwire | undefined;

  beforeAll(async () => {
    await builtPage();
    visitor = await Visitor.arrive();
  });

  afterEach(async () => {
    await visitor.closePages();
    await server?.stop();
    server = undefined;
  });

  afterAll(() => visitor?.leave());

  const places = [
    'markets/S0?venue=evil',
    'markets/S2?venue=evil',
    'weather/W0',
    'weather/W2',
    'iot/evil.d0',
    'iot/evil.d2',
    'host/evil',
    'topics/market.evil.S0.quote',
    'topics/iot.evil.d1.state',
    'topics/market.evil.instruments',
    'connection',
    'docs',
  ];

  test.each([360, 1280])('at %d px every view shows it as text and keeps its shape', async (width) => {
    server = await start('hostile');
    const { page, complaints } = await visitor.open(server.url, { viewport: { width, height: 800 } });
    for (const place of places) {
      await page.goto(`${server.url}/#/${place}`);
      await page.locator('.panel-body').first().waitFor();
      await page.waitForFunction(() => /onerror=|gnp\.exe|long long|evil|live|HTTP/.test(document.body.innerText));
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700))); // each odd figure comes by
      const found = await page.evaluate(() => ({
        over: document.documentElement.scrollWidth - innerWidth,
        foreign: document.querySelectorAll('main img, main script, main iframe, main object').length,
        title: document.title,
      }));
      expect({ place, ...found }).toEqual({ place, over: 0, foreign: 0, title: expect.stringMatching(/ – Tickwire$/) });
    }
    expect(complaints).toEqual([]);
  });

  test('the search of a view takes any text', async () => {
    server = await start('hostile');
    const { page, complaints } = await visitor.open(`${server.url}/#/topics`);
    await page.locator('.tree-row').first().waitFor();
    for (const text of ['<script>', '*.>', '>', '.', '**', '\\', '(']) {
      await page.locator('#search').fill(text);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await page.locator('#search').fill('S1.quote');
    await page.locator('.tree-row', { hasText: 'market.evil.S1.quote' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a pattern that is none is told beside its field', async () => {
    server = await start('hostile');
    const { page } = await visitor.open(`${server.url}/#/topics`);
    await panel(page, 'inspector').getByLabel('Pattern').fill('a..b');
    await panel(page, 'inspector').getByRole('button', { name: 'Subscribe' }).click();
    await panel(page, 'inspector').locator('.fault', { hasText: '"a..b"' }).waitFor();
  });

  test('what goes over the wire is shown as bytes and as values', async () => {
    server = await start('hostile');
    const { page } = await visitor.open(`${server.url}/#/topics`);
    const inspector = panel(page, 'inspector');
    await inspector.getByLabel('Pattern').fill('clock.*');
    await inspector.getByRole('button', { name: 'Subscribe' }).click();
    await inspector.locator('.wire button', { hasText: 'data' }).first().click();
    await inspector.locator('.hex', { hasText: /^0000 {2}[0-9a-f]{2} / }).waitFor();
    await inspector.locator('.values', { hasText: '"op":"data"' }).waitFor();
  });

  test('clocks that are hours off are said to be so, the reader’s own among them', async () => {
    server = await start('hostile');
    const { page } = await visitor.open(`${server.url}/#/topics/clock.ahead`, {}, (opening) =>
      opening.addInitScript(() => {
        const { now } = Date;
        Date.now = () => now() + 7 * 3_600_000;
      }),
    );
    await panel(page, 'topic').locator('.badge', { hasText: '3 h ahead' }).waitFor();
    await page.goto(`${server.url}/#/topics/clock.behind`);
    await panel(page, 'topic').locator('.badge', { hasText: '5 h' }).waitFor();
    await page.goto(`${server.url}/#/topics/market.evil.S0.quote`);
    await panel(page, 'topic').locator('.badge', { hasText: '< 1 s' }).waitFor();
    await page.goto(`${server.url}/#/connection`);
    const newest = panel(page, 'latency').locator('.u-value').first();
    await newest.filter({ hasText: /\d/ }).waitFor();
    expect(Math.abs(Date.parse(await newest.innerText()) - Date.now())).toBeLessThan(60_000);
  });

  test('fields that come and go while they are charted are told, and the charts go on', async () => {
    server = await start('turning');
    const [charted, listed] = [
      await visitor.open(`${server.url}/#/host/turning`),
      await visitor.open(`${server.url}/#/topics/host.turning.cpu`),
    ];
    const busy = panel(charted.page, 'cpu').locator('.u-value').nth(1); // what the chart’s newest point has for its first line, behind its time
    await busy.filter({ hasText: /25\.0\s%/ }).waitFor();
    await panel(listed.page, 'topic').getByRole('rowheader', { name: 'iowait' }).waitFor();
    turning.emit('turn');
    await busy.filter({ hasText: /75\.0\s%/ }).waitFor();
    await panel(listed.page, 'topic').getByText('changed since this was opened').waitFor();
    await panel(listed.page, 'topic').getByRole('rowheader', { name: 'cores' }).waitFor();
    await untilQuality(charted.page, 'cpu', 'live');
    expect([...charted.complaints, ...listed.complaints]).toEqual([]);
  });

  test('ten thousand topics are a list of which only what is in sight is made', async () => {
    server = await start('many');
    const { page, complaints } = await visitor.open(`${server.url}/#/topics`);
    await page.getByRole('heading', { name: `Topics (${manyTopics})` }).waitFor();
    await untilQuality(page, 'tree', 'live');
    await page.locator('#search').fill('many');
    const last = page.locator('.tree-row').last();
    await page.locator('.tree').focus();
    await page.keyboard.press('End');
    await page.locator('.tree-row', { hasText: 'many.g99.t99' }).waitFor();
    expect(await last.getAttribute('aria-posinset')).toBe(`${manyTopics}`);
    expect(await page.locator('.tree-row').count()).toBeLessThan(100);
    expect(complaints).toEqual([]);
  });

  async function start(name: string): Promise<RunningTickwire> {
    const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags: { port: '0', logLevel: 'silent' } });
    return startTickwire({ ...config, feeds: [{ use: feed(name), config: {} }] });
  }
});
