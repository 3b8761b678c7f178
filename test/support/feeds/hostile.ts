/** Publishes under the names of real feeds what no dashboard wants to meet. */

import { z } from 'zod';
import { defineFeed } from '../../../src/feed/index.ts';

export const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
export const turned = '\u202egnp.exe\u202d \u2067rtl\u2066';
export const long = 'long '.repeat(2000);
const hour = 3_600_000_000;

const topics = {
  'market.evil.instruments': { schema: z.any(), kind: 'keyed' },
  'market.evil.{symbol}.quote': { schema: z.any() },
  'market.evil.{symbol}.ticker': { schema: z.any() },
  'market.evil.{symbol}.status': { schema: z.any() },
  'market.evil.{symbol}.trade': { schema: z.any(), kind: 'event' },
  'market.evil.{symbol}.book': { schema: z.any(), kind: 'keyed' },
  'market.evil.{symbol}.bar.1m': { schema: z.any() },
  'weather.evil.stations': { schema: z.any(), kind: 'keyed' },
  'weather.evil.{station}.obs': { schema: z.any() },
  'weather.evil.{station}.metar': { schema: z.any(), kind: 'event' },
  'iot.evil.{device}.state': { schema: z.any() },
  'iot.evil.{device}.m.{metric}': { schema: z.any() },
  'iot.evil.{device}.event': { schema: z.any(), kind: 'event' },
  'host.evil.cpu': { schema: z.any() },
  'clock.ahead': { schema: z.object({ n: z.number() }) },
  'clock.behind': { schema: z.object({ n: z.number() }) },
} as const;

export default defineFeed({
  name: 'hostile',
  topics,
  demand: 'always',
  every: 200,
  setup: () => ({ n: 0 }),
  tick({ publish, clock }, state) {
    const n = ++state.n;
    const now = clock.now();
    const odd = [Number.NaN, null, 1e300, -1e300, 'text', [], {}][n % 7];
    for (const [i, text] of [markup, turned, long].entries()) {
      publish('market.evil.instruments', { symbol: text, name: text }, { key: text });
      publish(`market.evil.S${i}.quote`, { bid: odd, ask: 100, bidQty: odd, askQty: 1e300 });
      publish(`market.evil.S${i}.ticker`, { last: odd, changePct: odd, vol: odd });
      publish(`market.evil.S${i}.status`, { state: text, reason: text, until: odd });
      publish(`market.evil.S${i}.trade`, { px: n % 2 === 0 ? odd : 100, qty: odd, side: text });
      publish(`market.evil.S${i}.book`, { side: text, px: odd, qty: odd }, { key: `${text}${n % 20}` });
      const start = now - (now % 60e6);
      publish(`market.evil.S${i}.bar.1m`, { start, o: odd, h: 1e300, l: -1e300, c: 100, v: odd });
      publish('weather.evil.stations', { id: `W${i}`, name: text, lat: odd, lon: odd, tz: text }, { key: `W${i}` });
      publish(`weather.evil.W${i}.obs`, { t: odd, td: odd, rh: odd, wind: odd, windDir: odd, code: odd, qc: text });
      publish(`weather.evil.W${i}.metar`, { raw: text });
      publish(`iot.evil.d${i}.state`, {
        status: text,
        model: text,
        fw: text,
        battery: odd,
        metrics: [{ name: text, unit: text }],
      });
      publish(`iot.evil.d${i}.m.x${i}`, { v: odd, q: n % 5, why: text });
      publish(`iot.evil.d${i}.event`, { level: text, text });
    }
    publish('host.evil.cpu', { total: odd, system: text(n), iowait: odd });
    publish('clock.ahead', { n }, { ts: now + 3 * hour });
    publish('clock.behind', { n }, { ts: now - 5 * hour });
  },
});

function text(n: number): string {
  return n % 2 === 0 ? markup : turned;
}
