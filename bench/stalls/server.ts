/** The server under test, publishing a turn of all topics at a steady beat. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { startBenchServer } from '../support/bench-server.ts';
import { answerParent } from '../support/child.ts';
import { takeCpuShare } from '../support/cpu-share.ts';
import { sharedMicros } from '../support/shared-clock.ts';

export type ServerRequest =
  | { do: 'open'; topics: number; payloadBytes: number; turnsPerSec: number; lagMs: number }
  | { do: 'publish' | 'hush' | 'look' | 'weigh' };
export type ServerLook = {
  port: number;
  /** Newest, by topic. */
  seqs: Record<string, number>;
  /** Without the pages of the heap that are free, for those come and go by megabytes. Weighed: without garbage, too. */
  rssBytes: number;
  /** Of that, what JavaScript uses. */
  heapBytes: number;
  /** TCP memory of the whole machine, where the kernel tells. */
  kernelBytes: number | undefined;
  /** In this process, for all sockets. */
  bufferedBytes: number;
  sessions: number;
  /** Sessions that are not served everything. */
  laggards: number;
  /** Since the last look. */
  cpuShare: number;
};

let server: Awaited<ReturnType<typeof startBenchServer>> | undefined;
const publishers: ((ts: number) => void)[] = [];
const seqs: Record<string, number> = {};
let everyMicros = 50_000;
let due: number | undefined;
answerParent(async (request: ServerRequest) => {
  if (request.do === 'open') await open(request);
  else if (request.do === 'publish') publish();
  else if (request.do === 'hush') due = undefined;
  else if (request.do === 'weigh') globalThis.gc?.();
  return look();
});

async function open({
  topics,
  payloadBytes,
  turnsPerSec,
  lagMs,
}: Extract<ServerRequest, { do: 'open' }>): Promise<void> {
  const opened = await startBenchServer({ lagMs });
  server = opened;
  everyMicros = 1e6 / turnsPerSec;
  const data = { body: 'x'.repeat(payloadBytes) };
  for (let i = 0; i < topics; i++) {
    const name = `bench.t${i}`;
    const topic = opened.latestTopic(name, z.object({ body: z.string() }));
    publishers.push((ts) => {
      const outcome = topic.publish(data, { ts });
      if ('seq' in outcome) seqs[name] = outcome.seq;
    });
  }
}

function publish(): void {
  due = sharedMicros();
  beat();
}

/** What is late is stamped with the time at which it was due, so that a server that is held up can't hide it. */
function beat(): void {
  if (due === undefined) return;
  if (due <= sharedMicros()) {
    for (const publish of publishers) publish(Math.round(due));
    due += everyMicros;
  }
  const waitMs = (due - sharedMicros()) / 1000;
  if (waitMs > 0) setTimeout(beat, waitMs);
  else setImmediate(beat);
}

function look(): ServerLook {
  if (server === undefined) throw new Error('the server is not open');
  let bufferedBytes = 0;
  let laggards = 0;
  for (const session of server.sessions) {
    bufferedBytes += session.bufferedBytes();
    if (session.pace.step !== 'full') laggards++;
  }
  const { port, sessions } = server;
  const kernelBytes = kernelTcpBytes();
  const { heapTotal, heapUsed, external } = process.memoryUsage();
  return {
    port,
    seqs,
    rssBytes: residentBytes() - (heapTotal - heapUsed),
    heapBytes: heapUsed + external,
    kernelBytes,
    bufferedBytes,
    sessions: sessions.size,
    laggards,
    cpuShare: takeCpuShare(),
  };
}

/** Exact where the kernel tells; its quick figure is off by up to some megabytes. */
function residentBytes(): number {
  try {
    const kilobytes = /^Rss:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {} // only Linux tells
  return process.memoryUsage.rss();
}

const pageBytes = 4096;

function kernelTcpBytes(): number | undefined {
  try {
    const pages = /^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1];
    return pages === undefined ? undefined : Number(pages) * pageBytes;
  } catch {
    return undefined; // only Linux tells
  }
}
