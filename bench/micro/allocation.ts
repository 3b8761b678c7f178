/** Bytes that work allocates: how the heap, and what hangs on it, grows while nothing is collected. */

import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { spread } from '../support/statistics.ts';
import { runTimes } from './kept.ts';

const pilotRuns = 16;
const maxRuns = 20_000; // rounds away what reading the heap allocates by itself
const maxBatchMs = 50;
const noiseBytes = 4096; // reading the heap does not always allocate the same
const share = 0.5; // of the room for new objects: the estimate may be off by half before a collection spoils the batch

/**
 * The median of some batches, for one run. Each batch begins right after a collection and is kept short of the next;
 * where one came all the same (the heap shrank), the batch counts for nothing, and where that is so for all of them
 * they are made shorter. NaN when a single run brings about a collection.
 */
export function allocatedBytes(run: () => unknown, batches: number): number {
  runTimes(run, pilotRuns);
  for (let runs = runsThatFit(run); runs >= 1; runs = Math.floor(runs / 4)) {
    const bytes = medianGrowth(Array.from({ length: batches }, () => growth(run, runs))) / runs;
    if (!Number.isNaN(bytes)) return bytes;
  }
  return Number.NaN;
}

/** Of those that did not shrink. NaN when all did. */
export function medianGrowth(growths: readonly number[]): number {
  const whole = growths.filter((bytes) => bytes >= -noiseBytes).map((bytes) => Math.max(0, bytes));
  return whole.length === 0 ? Number.NaN : spread(whole).median;
}

function runsThatFit(run: () => unknown): number {
  const startedAt = performance.now();
  const bytes = Math.max(growth(run, pilotRuns), pilotRuns) / pilotRuns;
  const ms = Math.max(performance.now() - startedAt, 0.001) / pilotRuns;
  return Math.max(1, Math.floor(Math.min(maxRuns, (share * roomBytes()) / bytes, maxBatchMs / ms)));
}

function growth(run: () => unknown, runs: number): number {
  collect();
  const asRead = -usedBytes() + usedBytes();
  const before = usedBytes();
  runTimes(run, runs);
  return usedBytes() - before - asRead;
}

/** Buffers lie outside of the heap. */
function usedBytes(): number {
  return getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;
}

/** After a collection, until the next. Start Node with --min-semi-space-size to have more. */
function roomBytes(): number {
  collect();
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_available_size ?? 0;
}

function collect(): void {
  collectNow ??= exposedCollector();
  collectNow();
}

let collectNow: (() => void) | undefined;

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collector: unknown = runInNewContext('gc');
  if (typeof collector !== 'function') throw new TypeError('this Node gives no access to its garbage collector');
  return () => collector();
}
