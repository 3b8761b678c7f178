/**
 * The page at `/` in a real Chromium, against a real server: how soon it shows values, how smoothly it draws under full
 * load, and what its memory does meanwhile. Frames are counted by the browser's own clock, beside what the page says.
 *
 *   npm run bench:page [-- --help]
 */

import { serve } from '../support/served.ts';
import { printTable } from '../support/table.ts';
import { openBrowser } from './browser.ts';
import { firstValueMs } from './first-value.ts';
import { readFlags } from './flags.ts';
import { judge } from './judge.ts';
import { watchLoad } from './load.ts';
import { takeShots } from './shots.ts';

const flags = readFlags(process.argv.slice(2));
const { seconds, symbols, out } = flags;
const stop = new AbortController();
// Fifty milliseconds a step and every step a change of the quote: twenty updates a second of each symbol.
const stocks = { use: 'stocks', config: { symbols, stepMs: 50, load: 'stress' } };
const feeds = out === undefined ? [stocks, 'host', 'weather', 'iot'] : ['stocks', 'host', 'weather', 'iot', 'replay'];
const server = await serve({ server: { port: 0 }, feeds }, stop.signal);
const browser = await openBrowser();
try {
  if (out === undefined) {
    console.log(
      `${symbols} symbols × 20 quotes a second and all their trades, ${seconds} s, Chromium ${browser.version()}`,
    );
    const firstMs = await firstValueMs(browser, server.url);
    printTable(judge(firstMs, await watchLoad(browser, server.url, seconds)));
  } else {
    for (const file of await takeShots(browser, server.url, out)) console.log(file);
  }
} finally {
  await browser.close();
  await server.kill();
}
