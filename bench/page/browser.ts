/** Chromium as Debian has it, drawing by software: no graphics card makes the figures look better than they are. */

import { type Browser, chromium } from 'playwright-core';

const executablePath = process.platform === 'linux' ? '/usr/bin/chromium' : undefined;

/** Throws when there is none; `apt-get install chromium` brings it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
