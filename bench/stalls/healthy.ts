/** Subscribers that read everything at once. Every tenth reads its frames, too, and notes how old they are. */

import { answerParent } from '../support/child.ts';
import { takeCpuShare } from '../support/cpu-share.ts';
import { Latencies, type LatencySummary } from '../support/latencies.ts';
import { openRawSubscriber } from '../support/raw-subscriber.ts';
import { sharedMicros } from '../support/shared-clock.ts';
import { hello, Watcher } from './watcher.ts';

export type HealthyRequest = { do: 'open'; port: number; count: number } | { do: 'look' };
export type HealthyLook = {
  latencyMs: LatencySummary;
  cpuShare: number;
  closed: number;
  /** Payload bytes, of the subscriber that got least and the one that got most; equal when no one was spared anything. */
  leastBytes: number;
  mostBytes: number;
};

const oneIn = 10;
const latencies = new Latencies();
const all: { received(): number }[] = [];
const watchers: Watcher[] = [];
let closed = 0;

answerParent(async (request: HealthyRequest): Promise<HealthyLook> => {
  if (request.do === 'open') await open(request.port, request.count);
  const bytes = all.map((subscriber) => subscriber.received());
  return {
    latencyMs: latencies.take(),
    cpuShare: takeCpuShare(),
    closed: closed + watchers.filter(({ closedWith }) => closedWith !== undefined).length,
    leastBytes: Math.min(...bytes),
    mostBytes: Math.max(...bytes),
  };
});

async function open(port: number, count: number): Promise<void> {
  while (all.length < count) {
    const some = Array.from({ length: Math.min(50, count - all.length) }, (_, i) =>
      (all.length + i) % oneIn === 0 ? openWatcher(port) : openPlain(port),
    );
    all.push(...(await Promise.all(some)));
  }
}

async function openWatcher(port: number): Promise<Watcher> {
  const watcher = new Watcher({ data: ({ ts }) => latencies.add((sharedMicros() - ts) / 1000) });
  await watcher.open(port);
  watchers.push(watcher);
  return watcher;
}

function openPlain(port: number) {
  return openRawSubscriber({ port, path: '/ws' }, hello, { closed: () => void closed++ });
}
