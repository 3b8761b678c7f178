/** What the rounds of one scenario show, against what is promised. */

import type { LatencySummary } from '../support/latencies.ts';
import { spread } from '../support/statistics.ts';
import type { Line, Verdict } from '../support/table.ts';
import type { Flags, Scenario } from './flags.ts';
import type { LaggardsLook } from './laggards.ts';
import type { RoundResult } from './round.ts';

const limits = {
  p99Ratio: 1.2,
  p99MoreMs: 2, // a ratio says little where both are small
  rssBytesEach: 64 * 1024,
  newestAfterMs: 1000,
  slowAgeMs: 5000, // at the 99th percentile: who was always prompt is asked each four seconds, and is late after one
};

export function judge(scenario: Scenario, flags: Flags, rounds: readonly RoundResult[]): Line[] {
  const lines = [...healthyLines(rounds), ...serverLines(rounds, flags), ...laggardLines(rounds)];
  if (scenario === 'slow') lines.push(ageLine(rounds));
  return lines.map((line) => ({ ...line, what: `${scenario}: ${line.what}` }));
}

export function line(what: string, measured: string, limit = '', verdict: Verdict = ''): Line {
  return { what, measured, limit, verdict };
}

export function broken(isBroken: boolean): Verdict {
  return isBroken ? 'BROKEN' : 'ok';
}

function healthyLines(rounds: readonly RoundResult[]): Line[] {
  return [
    line('latency in peace, p50 / p99 / max, ms', formatLatencies(rounds.map((round) => round.peace))),
    line('latency in the stall', formatLatencies(rounds.flatMap((round) => round.stall))),
    p99Line(rounds),
    line('latency as they catch up', formatLatencies(rounds.map((round) => round.catchUp))),
  ];
}

/** The medians of all windows count: in one of them a single pause of the machine makes the 99th percentile. */
function p99Line(rounds: readonly RoundResult[]): Line {
  const peace = spread(rounds.map((round) => round.peace.p99)).median;
  const stall = spread(rounds.flatMap((round) => round.stall.map(({ p99 }) => p99))).median;
  const pairs = rounds.flatMap((round) => round.stall.map(({ p99 }) => p99 / round.peace.p99));
  const { min, max } = spread(pairs);
  const isMet = stall / peace <= limits.p99Ratio || stall - peace < limits.p99MoreMs;
  const measured = `${(stall / peace).toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)} in single windows)`;
  const limit = `≤ ${limits.p99Ratio} or < ${limits.p99MoreMs} ms more`;
  return line('p99 in the stall ÷ in peace', measured, limit, isMet ? 'ok' : 'missed');
}

function serverLines(rounds: readonly RoundResult[], { stalled }: Flags): Line[] {
  const each = rounds.map((round) => round.rssGrowthBytes / stalled);
  const isOver = Math.max(...each) >= limits.rssBytesEach;
  const of = (cpu: 'serverCpu' | 'healthyCpu' | 'laggardsCpu') => percent(rounds.map((round) => round[cpu]));
  return [
    line('laggards as it ended', rounds.map(({ laggards }) => laggards).join(', ')),
    line(
      'resident memory for each, KB',
      each.map(kilobytes).join(', '),
      `< ${kilobytes(limits.rssBytesEach)}`,
      broken(isOver),
    ),
    line(
      'of that in use by JavaScript, KB',
      rounds.map(({ heapGrowthBytes }) => kilobytes(heapGrowthBytes / stalled)).join(', '),
    ),
    line('of that unsent, KB', rounds.map(({ bufferedBytes }) => kilobytes(bufferedBytes / stalled)).join(', ')),
    line(
      'kernel memory for TCP, MB more',
      rounds.map(({ kernelGrowthBytes }) => megabytes(kernelGrowthBytes)).join(', '),
    ),
    line('CPU of the server', `${of('serverCpu')} of its core`),
    line('CPU of the healthy, of the others catching up', `${of('healthyCpu')}, ${of('laggardsCpu')} of theirs`),
  ];
}

function laggardLines(rounds: readonly RoundResult[]): Line[] {
  const seen = worst(rounds.map(({ read }) => read.seenAfterMs));
  const served = worst(rounds.map(({ servedAfterMs }) => servedAfterMs));
  const accounts = rounds.flatMap(({ after }) => after.accounts);
  const off = accounts.filter(({ untold, faults }) => untold !== 0 || faults > 0).length;
  const closed = Math.max(...rounds.map(({ after }) => after.closed));
  const steps = rounds.flatMap(({ during, read, after }) => [during.steps, read.steps, after.steps]);
  return [
    line('newest of all seen after, ms', ms(seen), `< ${limits.newestAfterMs}`, broken(!(seen < limits.newestAfterMs))),
    line('everything served again after, ms', ms(served)),
    line('accounts that do not add up', `${off} of ${accounts.length}`, '0', broken(off > 0)),
    line('delivered + marked + lost, from the first on', formatAccounts(rounds[rounds.length - 1]?.after)),
    line('steps told', formatSteps(steps)),
    line('connections closed', `${closed}`, '0', broken(closed > 0)),
  ];
}

function ageLine(rounds: readonly RoundResult[]): Line {
  const ages = rounds.map(({ during }) => during.ageMs);
  const isMet = Math.max(...ages.map(({ p99 }) => p99)) < limits.slowAgeMs;
  const limit = `p99 < ${limits.slowAgeMs}`;
  return line('age of what they read, p50 / p99 / max, ms', formatLatencies(ages), limit, isMet ? 'ok' : 'missed');
}

function worst(values: readonly (number | undefined)[]): number {
  return Math.max(...values.map((value) => value ?? Number.POSITIVE_INFINITY));
}

/** The medians of all windows, and the largest. */
function formatLatencies(windows: readonly LatencySummary[]): string {
  const median = (of: 'p50' | 'p99') => spread(windows.map((window) => window[of])).median.toFixed(1);
  return `${median('p50')} / ${median('p99')} / ${Math.max(...windows.map(({ max }) => max)).toFixed(1)}`;
}

function formatAccounts({ accounts }: Pick<LaggardsLook, 'accounts'> = { accounts: [] }): string {
  const sum = (of: 'delivered' | 'marked' | 'lost') => accounts.reduce((total, account) => total + account[of], 0);
  return `${sum('delivered')} + ${sum('marked')} + ${sum('lost')}`;
}

function formatSteps(looks: readonly Record<string, number>[]): string {
  const sums = new Map<string, number>();
  for (const [step, count] of looks.flatMap(Object.entries<number>)) sums.set(step, (sums.get(step) ?? 0) + count);
  return [...sums].map(([step, count]) => `${count} ${step}`).join(', ') || 'none';
}

function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'never';
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : (bytes / 1e6).toFixed(1);
}

function percent(shares: readonly number[]): string {
  return `${(Math.max(...shares) * 100).toFixed(0)} %`;
}
