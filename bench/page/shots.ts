/** A picture of each view, small and large, light and dark, for eyes to judge. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

const places = [
  'markets',
  'weather',
  'iot',
  'iot/seattle.pump-01',
  'host',
  'topics',
  'topics/market.sim.AAPL.quote',
  'connection',
  'docs',
];
const displays = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
const settleMs = 2500; // values and charts are there, and the first rates are told

/** Makes the folder; yields the paths of what it wrote. */
export async function takeShots(browser: Browser, url: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of displays) {
      const context = await browser.newContext({ colorScheme, viewport });
      const page = await context.newPage();
      for (const place of places) {
        await page.goto(`${url}/#/${place}`);
        await page.waitForTimeout(settleMs);
        const path = join(folder, `${place.replaceAll(/[/.]/g, '-')}-${viewport.width}-${colorScheme}.png`);
        await page.screenshot({ path });
        files.push(path);
      }
      await context.close();
    }
  }
  return files;
}
