/** What the page says and does when something is wrong, and that it recovers by itself with nothing lost. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, type RunningTickwire, startTickwire } from '../../../src/main.ts';
import { closeCodes, errorCodes } from '../../../src/protocol/index.ts';
import { builtPage } from '../../support/built-page.ts';
import { CuttablePath } from '../../support/cuttable-path.ts';
import { openPageGate, type PageGate } from '../../support/page-gate.ts';
import { needs } from '../../support/system-packages.ts';
import { panel, untilQuality, Visitor } from '../../support/visitor.ts';

const missing = needs('chromium');

describe.skipIf(missing !== undefined)('in a browser', { timeout: 60_000 }, () => {
  let folder: string;
  let visitor: Visitor;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    folder = await builtPage();
    visitor = await Visitor.arrive();
  });

  afterEach(async () => {
    await visitor.closePages();
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  afterAll(() => visitor?.leave());

  test('killed and started again: every panel says so, and goes on by itself with the layout as it was', async () => {
    const path = await pathTo(await startServer());
    const { page } = await visitor.open(`${path.url}/#/markets/MSFT?range=4h`);
    const shown = ['watch-list', 'symbol', 'candles', 'tape'];
    for (const id of shown) await untilQuality(page, id, 'live');
    await page.getByRole('button', { name: 'Keep XOM on top' }).click();

    await path.cut();
    for (const id of shown) await untilQuality(page, id, 'recovering');
    await page.locator('[data-trouble=unreachable]', { hasText: 'The connection is lost.' }).waitFor();
    expect(await page.locator('.watch [data-cell=bid]').first().innerText()).toMatch(/\d/); // greyed, not gone

    await path.lead(await startServer());
    for (const id of shown) await untilQuality(page, id, 'live');
    await page.locator('.watch [data-flash]').first().waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('#/markets/MSFT?range=4h');
    expect(await page.locator('.watch [data-item]').first().innerText()).toBe('XOM');
  });

  test('"Try now" does not wait for the next attempt', async () => {
    const path = await pathTo(await startServer());
    const { page } = await visitor.open(path.url);
    await untilQuality(page, 'watch-list', 'live');
    await page.evaluate(() => {
      const soon = setTimeout;
      const never = (then: () => void, ms = 0) => soon(then, ms < 250 ? ms : 300_000); // the next attempt among others
      Object.assign(globalThis, { setTimeout: never });
    });
    await path.cut();
    await page.locator('[data-trouble=unreachable]').waitFor();
    await path.lead(await startServer());
    await page.getByRole('button', { name: 'Try now' }).click();
    await untilQuality(page, 'watch-list', 'live');
  });

  test('a server that drains is announced, and left for the next one by itself', async () => {
    const first = await startServer();
    const next = await startServer();
    const path = await pathTo(first);
    const { page } = await visitor.open(path.url);
    await untilQuality(page, 'watch-list', 'live');
    path.leadNew(next); // what is connected stays with the old one
    const drained = first.drain();
    await page.locator('[data-trouble=draining]').waitFor();
    await drained;
    await page.locator('.banner').waitFor({ state: 'detached' });
    await untilQuality(page, 'watch-list', 'live');
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('a server that wants a token is given one, and the tab keeps it', async () => {
    const said: (string | undefined)[] = [];
    const gate = await openGate(async (connection) => {
      const { id, options } = await connection.next('hello');
      said.push(options.token);
      if (options.token === 'open sesame') connection.welcome(id);
      else connection.send({ op: 'error', id, ...errorCodes.unauthorized, message: 'no valid token' });
    });
    const { page } = await visitor.open(gate.url);
    const form = page.locator('[data-trouble=unauthorized]', { hasText: 'no valid token' });
    await form.locator('input').fill('wrong');
    await form.getByRole('button', { name: 'Connect' }).click();
    await form.locator('input').fill('open sesame');
    await form.getByRole('button', { name: 'Connect' }).click();
    await page.locator('#state[data-state=live]').waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
    await page.reload();
    await page.locator('#state[data-state=live]').waitFor();
    expect(said).toEqual([undefined, 'wrong', 'open sesame', 'open sesame']);
  });

  test('a token that expires while the page is open is asked for again; what is shown stays', async () => {
    let expire = () => {};
    const valid = new Set(['first']);
    const gate = await openGate(async (connection) => {
      const { id, options } = await connection.next('hello');
      if (!valid.has(options.token ?? '')) {
        connection.send({ op: 'error', id, ...errorCodes.unauthorized, message: 'the token expired' });
        return;
      }
      connection.welcome(id);
      expire = () => connection.close(closeCodes.tryLater.code, 'the token expired');
    });
    const { page } = await visitor.open(`${gate.url}/#/markets/MSFT`, {}, (opening) =>
      opening.addInitScript(() => sessionStorage.setItem('tickwire.token', 'first')),
    );
    await page.locator('#state[data-state=live]').waitFor();
    valid.delete('first');
    valid.add('renewed');
    expire();
    await page.locator('[data-trouble=unauthorized]', { hasText: 'the token expired' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/markets/MSFT');
    await page.locator('[data-trouble=unauthorized] input').fill('renewed');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.locator('#state[data-state=live]').waitFor();
  });

  test('a connection that was ended for good says why, and offers to connect again', async () => {
    const gate = await openGate(async (connection) => {
      const { id } = await connection.next('hello');
      connection.welcome(id);
      connection.close(closeCodes.kicked.code, 'closed by an administrator');
    });
    const { page } = await visitor.open(gate.url);
    await page.locator('[data-trouble=ended]', { hasText: 'closed by an administrator (4506)' }).waitFor();
    await page.getByRole('button', { name: 'Connect again' }).waitFor();
  });

  test('a symbol that nobody publishes is said to be so, and is shown as soon as somebody does', async () => {
    const server = await startServer();
    const { page } = await visitor.open(`${server.url}/#/markets/GONE`);
    await panel(page, 'symbol').getByText('Nothing is published on market.sim.GONE now.').waitFor();
    const quote = { topic: 'market.sim.GONE.quote', data: { bid: 1, bidQty: 1, ask: 2, askQty: 1, bookSeq: 1 } };
    const ticker = { topic: 'market.sim.GONE.ticker', data: { last: 1.5, changePct: 0, vol: 1 } };
    for (const publication of [quote, ticker]) {
      const { status } = await fetch(`${server.url}/publish`, { method: 'POST', body: JSON.stringify(publication) });
      expect(status).toBe(202);
    }
    await panel(page, 'symbol').locator('[data-cell=last]', { hasText: '1.50' }).waitFor();
    await panel(page, 'symbol').getByText('Nothing is published').waitFor({ state: 'detached' });
  });

  test('a browser that lacks what the page needs is told so', async () => {
    const server = await startServer();
    const { page } = await visitor.open(server.url, {}, (opening) =>
      opening.addInitScript(() => {
        const supports = CSS.supports.bind(CSS);
        CSS.supports = (name: string, value?: string) =>
          !`${value}`.startsWith('light-dark') && supports(name, value as string);
      }),
    );
    await page.getByText('This one lacks CSS light-dark()').waitFor();
  });

  async function startServer(flags = {}): Promise<RunningTickwire> {
    const all = { port: '0', logLevel: 'silent', feeds: 'stocks', ...flags };
    const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags: all });
    const server = await startTickwire({ ...config, open: [{ pattern: 'market.sim.GONE.*', kind: 'latest' }] });
    stops.push(() => server.stop());
    return server;
  }

  /** A way to the server that can be cut, and led to another one. */
  async function pathTo({ port }: RunningTickwire) {
    const path = await CuttablePath.to(port);
    stops.push(() => path.cut());
    return {
      url: `http://127.0.0.1:${path.port}`,
      cut: () => path.cut(),
      lead: (to: RunningTickwire) => path.mend(to.port),
      leadNew: (to: RunningTickwire) => path.turn(to.port),
    };
  }

  async function openGate(answer: Parameters<typeof openPageGate>[1]): Promise<PageGate> {
    const gate = await openPageGate(folder, answer);
    stops.push(() => gate.close());
    return gate;
  }
});
