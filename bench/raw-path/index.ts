/**
 * Deliveries per CPU-second of the server: Tickwire's whole path against bare uWebSockets.js `app.publish`.
 * Runs alternate, so that the ratio holds when the machine's speed drifts.
 *
 *   npm run bench:raw [-- rounds subscribers]
 */

import { startChild } from '../support/child.ts';
import { formatSpread, spread } from '../support/statistics.ts';
import type { PacedResult } from './pace.ts';

const rounds = Number(process.argv[2] ?? 5);
const subscribers = Number(process.argv[3] ?? 1000);
/** Turns are fewer where a turn carries more, so that the subscribers' core is never the limit. */
const loads = [
  { perTurn: 1, turns: 160 },
  { perTurn: 10, turns: 120 },
  { perTurn: 100, turns: 40 },
] as const;

const bare = await startSide('bare-server', false);
const tickwire = await startSide('tickwire-server', true);
console.log(
  `${subscribers} subscribers, 128-byte payloads, ${rounds} alternating rounds; M deliveries per server CPU-second`,
);
for (const load of loads) {
  await bare.run(load);
  await tickwire.run(load); // both are warm before anything counts
  const bareRates: number[] = [];
  const tickwireRates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bareRates.push(await bare.run(load));
    tickwireRates.push(await tickwire.run(load));
  }
  const ratios = tickwireRates.map((rate, i) => rate / (bareRates[i] as number));
  console.log(
    `${String(load.perTurn).padStart(3)} a turn: bare ${formatSpread(spread(bareRates))}  tickwire ${formatSpread(spread(tickwireRates))}  ratio ${formatSpread(spread(ratios))}`,
  );
}
await bare.stop();
await tickwire.stop();

/** A server with its subscribers connected; `run` resolves with millions of deliveries per CPU-second. */
async function startSide(name: string, speaks: boolean) {
  const server = startChild(name, import.meta.url, { core: 0 });
  const clients = startChild('subscribers', import.meta.url, { core: 1 });
  const { port } = await server.ask<{ port: number }>({ start: true });
  let before = (await clients.ask<{ bytes: number[] }>({ port, count: subscribers, speaks })).bytes;
  return {
    async run({ perTurn, turns }: { perTurn: number; turns: number }): Promise<number> {
      const { cpuSec } = await server.ask<PacedResult>({ perTurn, turns });
      const { bytes } = await clients.ask<{ bytes: number[] }>({});
      const gained = bytes.map((now, i) => now - (before[i] as number));
      before = bytes;
      const least = spread(gained);
      if (least.min < perTurn * turns * 128 || least.min !== least.max) {
        throw new Error(`${name}: not every subscriber got every message: ${JSON.stringify(least)} bytes`);
      }
      return (perTurn * turns * subscribers) / cpuSec / 1e6;
    },
    async stop() {
      await clients.stop();
      await server.stop();
    },
  };
}
