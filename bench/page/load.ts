/** What happens in a tab that shows fifty symbols at twenty updates a second, and charts, for as long as is asked. */

import type { Browser, CDPSession, Page } from 'playwright-core';

export type LoadFindings = {
  readonly frames: number;
  readonly dropped: number;
  readonly seconds: number;
  readonly updatesPerSec: number;
  /** Shares of one core. */
  readonly mainThread: number;
  readonly script: number;
  /** Bytes of the JavaScript heap behind a collection: after warming up, and in the end. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly longestTaskMs: number;
  readonly complaints: readonly string[];
};

const warmUpMs = 20_000; // until code is compiled and every ring has begun to turn

export async function watchLoad(browser: Browser, url: string, seconds: number): Promise<LoadFindings> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const tools = await context.newCDPSession(page);
  await tools.send('Performance.enable');
  await page.goto(`${url}/#/markets`);
  await page.waitForTimeout(warmUpMs);
  const heapBefore = await heapBytes(tools);
  const before = await metrics(tools);
  const { frames, dropped, updates, longestTaskMs } = await countFrames(page, seconds);
  const after = await metrics(tools);
  const heapAfter = await heapBytes(tools);
  await context.close();
  const share = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / seconds;
  return {
    ...{ frames, dropped, seconds, heapBefore, heapAfter, longestTaskMs, complaints },
    updatesPerSec: updates / seconds,
    mainThread: share('TaskDuration'),
    script: share('ScriptDuration'),
  };
}

async function heapBytes(tools: CDPSession): Promise<number> {
  await tools.send('HeapProfiler.collectGarbage');
  return (await metrics(tools)).get('JSHeapUsedSize') ?? Number.NaN;
}

async function metrics(tools: CDPSession): Promise<ReadonlyMap<string, number>> {
  const answer = await tools.send('Performance.getMetrics');
  return new Map(answer.metrics.map(({ name, value }) => [name, value]));
}

/** Runs in the page: a frame that comes more than half a period late was missed. */
function countFrames(page: Page, seconds: number) {
  return page.evaluate(async (forMs) => {
    const periodMs = 1000 / 60;
    let [frames, dropped, updates, longestTaskMs] = [0, 0, 0, 0];
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    tasks.observe({ type: 'longtask' });
    // What the badge of the watch list says was taken in, once a second.
    const counting = setInterval(() => {
      const text = document.querySelector('.watch .badge')?.textContent ?? '';
      const [, figure = '0', kilo] = /([\d.,]+)(K?)\/s/.exec(text) ?? [];
      updates += Number(figure.replaceAll(',', '')) * (kilo === 'K' ? 1000 : 1);
    }, 1000);
    await new Promise<void>((resolve) => {
      let [last, end] = [0, 0];
      const frame = (at: number) => {
        if (last > 0) dropped += Math.max(0, Math.round((at - last) / periodMs) - 1);
        end ||= at + forMs;
        last = at;
        frames++;
        if (at < end) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    clearInterval(counting);
    tasks.disconnect();
    return { frames, dropped, updates, longestTaskMs };
  }, seconds * 1000);
}
