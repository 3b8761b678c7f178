/** What one piece of work costs against another: both in turn, round by round, so that a busy moment meets both. */

import { type Spread, spread } from '../support/statistics.ts';
import { runTimes } from './kept.ts';
import type { Comparison, Operation } from './operation.ts';

export type Rounds = { readonly rounds: number; readonly roundMs: number };

/** Of each round's ratio. Which of both goes first changes from round to round. */
export function ratioOf({ dividend, divisor }: Comparison, { rounds, roundMs }: Rounds): Spread {
  const [over, under] = [dividend, divisor].map((operation) => lapsOf(operation, roundMs));
  if (over === undefined || under === undefined) throw new RangeError('a comparison takes two');
  return spread(Array.from({ length: rounds }, (_, round) => ratioOfRound(over, under, round % 2 === 0)));
}

function ratioOfRound(over: () => number, under: () => number, isOverFirst: boolean): number {
  if (isOverFirst) {
    const first = over();
    return first / under();
  }
  const first = under();
  return over() / first;
}

/** CPU milliseconds of one operation, over laps that take about `lapMs`. */
function lapsOf({ run, perRun = 1 }: Operation, lapMs: number): () => number {
  let runs = 1;
  while (usedMs(run, runs) < lapMs) runs *= 2;
  return () => usedMs(run, runs) / (runs * perRun);
}

/** CPU, for a clock goes on while others have the processor. */
function usedMs(run: () => unknown, runs: number): number {
  const before = process.cpuUsage();
  runTimes(run, runs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
