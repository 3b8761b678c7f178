/** One stall: a window of peace, then the same with some who don't read, and how they are once they read again. */

import type { LatencySummary } from '../support/latencies.ts';
import type { House } from './house.ts';
import type { LaggardsLook } from './laggards.ts';

export type RoundResult = {
  /** Of the healthy: in peace, in each window of the stall, and in the two seconds in which the others catch up. */
  peace: LatencySummary;
  stall: LatencySummary[];
  catchUp: LatencySummary;
  /** From just before the stall to its end, both without garbage. */
  rssGrowthBytes: number;
  heapGrowthBytes: number;
  kernelGrowthBytes: number | undefined;
  bufferedBytes: number;
  /** How many the server knew as such when the stall ended. */
  laggards: number;
  /** While it lasted. */
  during: LaggardsLook;
  /** As soon as all have seen the newest of every topic, or after ten seconds. */
  read: LaggardsLook;
  /** Until everyone was served everything again. */
  servedAfterMs: number | undefined;
  /** At its end. */
  after: LaggardsLook;
  /** Of one core each, while they were at it. */
  serverCpu: number;
  healthyCpu: number;
  laggardsCpu: number;
};

const windowMs = 10_000;
const catchUpMs = 2000;
const patienceMs = 60_000;

/** `bytesPerSec` 0: nothing is read at all. */
export async function runRound(house: House, seconds: number, bytesPerSec: number): Promise<RoundResult> {
  await house.server({ do: 'look' });
  await house.healthy({ do: 'look' });
  await sleep(windowMs);
  const { latencyMs: peace } = await house.healthy({ do: 'look' });

  const before = await house.server({ do: 'weigh' });
  await house.laggards({ do: 'look' });
  await house.laggards({ do: 'slow', bytesPerSec });
  const windows = Math.max(1, Math.round((seconds * 1000) / windowMs));
  const stall: LatencySummary[] = [];
  let healthyCpu = 0;
  for (let i = 0; i < windows; i++) {
    await sleep((seconds * 1000) / windows);
    const { latencyMs, cpuShare } = await house.healthy({ do: 'look' });
    stall.push(latencyMs);
    healthyCpu = Math.max(healthyCpu, cpuShare);
  }
  const stalled = await house.server({ do: 'weigh' });
  const during = await house.laggards({ do: 'look' });

  await house.healthy({ do: 'look' });
  const { seqs: newest } = await house.server({ do: 'look' });
  const catchUpOfHealthy = sleep(catchUpMs).then(() => house.healthy({ do: 'look' }));
  const reading = house.laggards({ do: 'read', newest });
  const servedAfterMs = await untilAllServed(house);
  const read = await reading;
  const { latencyMs: catchUp } = await catchUpOfHealthy;
  return {
    peace,
    stall,
    catchUp,
    rssGrowthBytes: stalled.rssBytes - before.rssBytes,
    heapGrowthBytes: stalled.heapBytes - before.heapBytes,
    kernelGrowthBytes: difference(stalled.kernelBytes, before.kernelBytes),
    bufferedBytes: stalled.bufferedBytes,
    laggards: stalled.laggards,
    during,
    read,
    servedAfterMs,
    after: await house.laggards({ do: 'look' }),
    serverCpu: stalled.cpuShare,
    healthyCpu,
    laggardsCpu: read.cpuShare,
  };
}

/** How long it takes until no one is a laggard; undefined when that is more than a minute. */
export async function untilAllServed(house: House): Promise<number | undefined> {
  const startedAt = performance.now();
  while ((await house.server({ do: 'look' })).laggards > 0) {
    if (performance.now() - startedAt > patienceMs) return undefined;
    await sleep(50);
  }
  return performance.now() - startedAt;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}
