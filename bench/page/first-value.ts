import type { Browser } from 'playwright-core';

const rounds = 5;

/** Milliseconds from the start of the navigation until a price is on the page, in a browser that knows nothing yet. */
export async function firstValueMs(browser: Browser, url: string): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    const shownAt = await page.waitForFunction(() => {
      const cell = document.querySelector('.watch [data-cell=bid]');
      return /\d/.test(cell?.textContent ?? '') ? performance.now() : undefined;
    });
    figures.push((await shownAt.jsonValue()) ?? Number.NaN);
    await context.close();
  }
  return figures.sort((a, b) => a - b);
}
