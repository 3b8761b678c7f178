/**
 * Deliveries per CPU-second of the server: Tickwire's whole path against bare uWebSockets.js `app.publish`.
 * Runs alternate, so that the ratio holds when the machine's speed drifts.
 *
 * A client that never sends a byte lets its own kernel acknowledge what it reads, on its own CPU. Once it has answered
 * a ping, Linux acknowledges for it while the data comes in (net.ipv4.tcp_pingpong_thresh), which on a loopback is the
 * server's CPU. So bare uWebSockets.js is measured twice: saying nothing but the payload, and pinging each client as
 * often as Tickwire does. The CPU of server and clients together is compared, too.
 *
 *   npm run bench:raw [-- rounds subscribers]
 */

import { startChild } from '../support/child.ts';
import { formatSpread, spread } from '../support/statistics.ts';
import type { PacedResult } from './pace.ts';

/** Millions of deliveries per CPU-second. */
type Run = { readonly rate: number; readonly rateOfBoth: number };
type Received = { readonly bytes: number[]; readonly cpuSec: number };

const rounds = Number(process.argv[2] ?? 5);
const subscribers = Number(process.argv[3] ?? 1000);
/** Turns are fewer where a turn carries more, so that the subscribers' core is never the limit. */
const loads = [
  { perTurn: 1, turns: 160 },
  { perTurn: 10, turns: 120 },
  { perTurn: 100, turns: 40 },
] as const;

const bare = await startSide('bare-server', {});
const pinging = await startSide('bare-server', { pings: true });
const tickwire = await startSide('tickwire-server', {});
const sides = [bare, pinging, tickwire];
console.log(
  `${subscribers} subscribers, 128-byte payloads, ${rounds} alternating rounds: median (least–most)
M deliveries per CPU-second of the server; "both": of server and clients`,
);
for (const load of loads) {
  for (const side of sides) await side.run(load); // all are warm before anything counts
  const runs: Run[][] = [];
  for (let round = 0; round < rounds; round++) {
    const run: Run[] = [];
    for (const side of sides) run.push(await side.run(load));
    runs.push(run);
  }
  const column = (of: (bare: Run, pinging: Run, tickwire: Run) => number) =>
    formatSpread(spread(runs.map(([bare, pinging, tickwire]) => of(bare as Run, pinging as Run, tickwire as Run))));
  console.log(`
${load.perTurn} a turn      bare ${column((bare) => bare.rate)}   bare, pinging ${column((_, pinging) => pinging.rate)}   tickwire ${column((_, __, own) => own.rate)}
  tickwire to bare ${column((bare, _, own) => own.rate / bare.rate)}   to bare, pinging ${column((_, pinging, own) => own.rate / pinging.rate)}   to bare, both ${column((bare, _, own) => own.rateOfBoth / bare.rateOfBoth)}`);
}
for (const side of sides) await side.stop();

/** A server with its subscribers connected. */
async function startSide(name: 'bare-server' | 'tickwire-server', { pings = false }: { pings?: boolean }) {
  const server = startChild(name, import.meta.url, { core: 0 });
  const clients = startChild('subscribers', import.meta.url, { core: 1 });
  const { port } = await server.ask<{ port: number }>({ start: true, pings });
  const speaks = name === 'tickwire-server';
  let before = (await clients.ask<Received>({ port, count: subscribers, speaks })).bytes;
  return {
    async run({ perTurn, turns }: { perTurn: number; turns: number }): Promise<Run> {
      const { cpuSec } = await server.ask<PacedResult>({ perTurn, turns });
      const { bytes, cpuSec: clientSec } = await clients.ask<Received>({});
      const gained = bytes.map((now, i) => now - (before[i] as number));
      before = bytes;
      const least = spread(gained);
      if (least.min < perTurn * turns * 128 || least.min !== least.max) {
        throw new Error(`${name}: not every subscriber got every message: ${JSON.stringify(least)} bytes`);
      }
      const millions = (perTurn * turns * subscribers) / 1e6;
      return { rate: millions / cpuSec, rateOfBoth: millions / (cpuSec + clientSec) };
    },
    async stop() {
      await clients.stop();
      await server.stop();
    },
  };
}
