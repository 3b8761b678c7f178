/** Bytes that work allocates: how the heap, and what hangs on it, grows while nothing is collected. */

import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { spread } from '../support/statistics.ts';
import { runTimes } from './kept.ts';

const pilotRuns = 16;
const maxBatchMs = 50;
const share = 0.5; // of the room for new objects: the estimate may be off by half before a collection spoils the batch

/** `mostRuns`: in one batch. The more, the less it tells what the compiler and the reading allocate. */
export type Batches = { readonly batches: number; readonly mostRuns: number };

/**
 * The median of some batches, for one run. Each batch begins right after a collection and is kept short of the next;
 * where one came all the same (the heap shrank), the batch counts for nothing, and where that is so for all of them
 * they are made shorter. NaN when a single run brings about a collection.
 */
export function allocatedBytes(run: () => unknown, { batches, mostRuns }: Batches): number {
  runTimes(run, pilotRuns);
  for (let runs = runsThatFit(run, mostRuns); runs >= 1; runs = Math.floor(runs / 4)) {
    const bytes = medianGrowth(Array.from({ length: batches }, () => growth(run, runs))) / runs;
    if (!Number.isNaN(bytes)) return bytes;
  }
  return Number.NaN;
}

/** Of those that did not shrink. NaN when all did. */
export function medianGrowth(growths: readonly number[]): number {
  const whole = growths.filter((bytes) => bytes >= 0);
  return whole.length === 0 ? Number.NaN : spread(whole).median;
}

/** As many as there is room and time for, tried out: what a few runs allocate says little of what many do. */
function runsThatFit(run: () => unknown, mostRuns: number): number {
  const room = share * newSpaceBytes();
  let runs = pilotRuns;
  while (4 * runs <= mostRuns) {
    const startedAt = performance.now();
    runTimes(run, runs);
    if (4 * (performance.now() - startedAt) > maxBatchMs) break;
    const grown = growth(run, runs);
    if (grown < 0 || 4 * grown > room) break;
    runs *= 4;
  }
  return runs;
}

function growth(run: () => unknown, runs: number): number {
  collect();
  const before = usedBytes();
  runTimes(run, runs);
  return usedBytes() - before;
}

/** Buffers lie outside of the heap. */
function usedBytes(): number {
  return getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;
}

/** Where new objects go until the next collection. Start Node with --min-semi-space-size to have more. */
function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}

/** Twice, for buffers of the first time may be let go of in the background, until the second begins. */
function collect(): void {
  collectNow ??= exposedCollector();
  collectNow();
  collectNow();
}

let collectNow: (() => void) | undefined;

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--no-flush-bytecode'); // or code that rests for a few collections is compiled anew, in the batch
  const collector: unknown = runInNewContext('gc');
  if (typeof collector !== 'function') throw new TypeError('this Node gives no access to its garbage collector');
  return () => collector();
}
