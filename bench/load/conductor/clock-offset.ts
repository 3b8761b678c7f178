/** How far another machine's clock is from ours. */

import type { Client } from '../../../src/client/index.ts';
import { BenchError } from '../scenario.ts';
import { openClient } from '../trusting-client.ts';

export type ClockOffset = {
  /** The server's clock minus ours. */
  readonly offsetMicros: number;
  /** The true offset is within ± so much: half of the best round trip. */
  readonly uncertaintyMs: number;
};

const exchanges = 25; // the quickest of them met no queue on its way

/** Throws BenchError when the connection is lost meanwhile. */
export async function measureOffset(url: string): Promise<ClockOffset> {
  try {
    const client = await openClient(url);
    return await bestOf(client).finally(() => client.close());
  } catch (error) {
    throw new BenchError(`cannot compare clocks with ${url}: ${error instanceof Error ? error.message : error}`);
  }
}

async function bestOf(client: Client): Promise<ClockOffset> {
  let best = await client.ping();
  for (let i = 1; i < exchanges; i++) {
    const reading = await client.ping();
    if (reading.rttMs < best.rttMs) best = reading;
  }
  return { offsetMicros: Math.round(best.offsetMs * 1000), uncertaintyMs: best.rttMs / 2 };
}
