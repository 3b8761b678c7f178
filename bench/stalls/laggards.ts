/** Subscribers that stop reading, or read slowly, when they are told to; every frame of theirs is read and added up. */

import { answerParent } from '../support/child.ts';
import { takeCpuShare } from '../support/cpu-share.ts';
import { Latencies, type LatencySummary } from '../support/latencies.ts';
import { sharedMicros } from '../support/shared-clock.ts';
import { Watcher } from './watcher.ts';

export type LaggardsRequest =
  | { do: 'open'; port: number; count: number }
  | { do: 'slow'; bytesPerSec: number }
  /** Reads again; answers when all have seen what was newest then. */
  | { do: 'read'; newest: Record<string, number> }
  | { do: 'look' };
export type LaggardsLook = {
  /** After the last `read`, until the slowest had seen the newest of every topic; undefined if one has not. */
  seenAfterMs: number | undefined;
  /** How old the frames were that were read since the last look. */
  ageMs: LatencySummary;
  closed: number;
  accounts: Account[];
  /** RATE frames since the last look, and how many of each. */
  steps: Record<string, number>;
  /** Since the last look. */
  cpuShare: number;
};
/** Of one subscriber and topic. */
export type Account = {
  topic: string;
  last: number;
  delivered: number;
  marked: number;
  lost: number;
  untold: number;
  faults: number;
};

const patienceMs = 10_000;
const ages = new Latencies();
const watchers: Watcher[] = [];
/** Who has not yet seen `newest`. */
let behind = new Set<Watcher>();
let newest: Record<string, number> = {};
let readAt = 0;
let seenAfterMs: number | undefined;
let onAllSeen = () => {};

answerParent(async (request: LaggardsRequest): Promise<LaggardsLook> => {
  if (request.do === 'open') await open(request.port, request.count);
  else if (request.do === 'slow') for (const watcher of watchers) watcher.readAtMost(request.bytesPerSec);
  else if (request.do === 'read') await read(request.newest);
  return look();
});

async function open(port: number, count: number): Promise<void> {
  while (watchers.length < count) {
    const watcher: Watcher = new Watcher({
      data: ({ ts }) => ages.add((sharedMicros() - ts) / 1000),
      message: () => noteSeen(watcher),
    });
    await watcher.open(port);
    watchers.push(watcher);
  }
}

async function read(target: Record<string, number>): Promise<void> {
  newest = target;
  behind = new Set(watchers);
  seenAfterMs = undefined;
  readAt = performance.now();
  const allSeen = new Promise<void>((resolve) => {
    onAllSeen = resolve;
  });
  for (const watcher of watchers) watcher.readAtMost(Number.POSITIVE_INFINITY);
  for (const watcher of watchers) noteSeen(watcher);
  await Promise.race([allSeen, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

function noteSeen(watcher: Watcher): void {
  if (!behind.has(watcher) || !watcher.hasSeen(newest)) return;
  behind.delete(watcher);
  if (behind.size > 0) return;
  seenAfterMs = performance.now() - readAt;
  onAllSeen();
}

function look(): LaggardsLook {
  const steps: Record<string, number> = {};
  for (const watcher of watchers) {
    for (const step of watcher.steps.splice(0)) steps[step] = (steps[step] ?? 0) + 1;
  }
  return {
    seenAfterMs,
    ageMs: ages.take(),
    closed: watchers.filter(({ closedWith }) => closedWith !== undefined).length,
    accounts: watchers.flatMap(accountsOf),
    steps,
    cpuShare: takeCpuShare(),
  };
}

function accountsOf({ accounts }: Watcher): Account[] {
  return [...accounts].map(([topic, { last = -1, delivered, marked, lost, untold, faults }]) => {
    return { topic, last, delivered, marked, lost, untold, faults };
  });
}
