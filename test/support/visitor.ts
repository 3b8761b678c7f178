/** Somebody who opens the page in a real Chromium, and notices everything that goes wrong on it. */

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { systemPackages } from './system-packages.ts';

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

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, and what was thrown. */
  readonly complaints: string[];
  /** Every URL that was asked for, sockets too. */
  readonly requests: string[];
};

export class Visitor {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async arrive(): Promise<Visitor> {
    const { program: executablePath } = systemPackages.chromium;
    return new Visitor(await chromium.launch({ executablePath, args: chromiumArgs }));
  }

  /** In a browser profile of its own; `prepare` runs before the page is asked for. */
  async open(
    url: string,
    look: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ): Promise<Visit> {
    const context = await this.#browser.newContext(look);
    this.#contexts.push(context);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    page.on('websocket', (socket) => requests.push(socket.url()));
    await prepare(page);
    await page.goto(url);
    return { page, context, complaints, requests };
  }

  async closePages(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async leave(): Promise<void> {
    await this.#browser.close();
  }
}

/** The part of the page that has this id. */
export function panel(page: Page, id: string) {
  return page.locator(`[data-panel="${id}"]`);
}

/** The quality that a part of the page says of itself. */
export async function untilQuality(page: Page, id: string, quality: string): Promise<void> {
  await page.locator(`[data-panel="${id}"][data-quality="${quality}"]`).waitFor();
}
