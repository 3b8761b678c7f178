/** Why the numbers of a run must not be believed. Whoever benchmarks should be the first to doubt himself. */

import type { LoadPlan } from '../plan.ts';
import { reasonsText } from '../reasons.ts';
import type { Doubt, LoadResult, Percentiles } from '../report.ts';
import { askable, latencySamples } from '../samples.ts';

/** What a run knows of itself besides its result. */
export type Evidence = {
  readonly plan: LoadPlan;
  readonly load: LoadResult;
  /** How late each load process's own timers were at worst, second by second. */
  readonly timersLateMs: readonly (readonly number[])[];
  /** How late publishers were, of what was due in the window. */
  readonly publishersLateMs: Percentiles | undefined;
};

export const doubtLimits = {
  fullShare: 0.9, // of one core: above this a process waits for its core, and its clock readings wait with it
  fullSeconds: 3, // a single full second may be a collection of garbage
  seriousShare: 0.97, // beyond this it is full, whoever else is fuller
  timersLateMs: 10, // ordinary for a process whose core is shared; only more than this can spoil a percentile that counts
  ownShare: 0.25, // of p99: more than this must not be the load process's own
  publishedShare: 0.99, // less than this of what was asked for is not what was asked for
} as const;

/** None: the numbers may be believed. */
export function doubtsOf(evidence: Evidence): Doubt[] {
  const found = [busyGenerator, latePublishers, tooShort, lostConnections, lowRate];
  return found.flatMap((doubt) => doubt(evidence) ?? []);
}

function busyGenerator(evidence: Evidence): Doubt | undefined {
  return fullProcess(evidence) ?? lateLoadProcess(evidence);
}

function fullProcess({ load }: Evidence): Doubt | undefined {
  const { fullShare, seriousShare } = doubtLimits;
  const fullest = Math.max(0, ...load.clients.map(({ cpuShare }) => cpuShare));
  const fullSeconds = load.timeline.filter(({ clientCpu }) => clientCpu > fullShare).length;
  const isFull = fullest > fullShare || fullSeconds >= Math.min(doubtLimits.fullSeconds, load.timeline.length);
  const serverShare = load.server?.cpuShare ?? 0;
  if (!isFull || (serverShare > fullest && fullest <= seriousShare)) return undefined;
  const figure = `the busiest load process used ${percent(fullest)} of its core, ${fullSeconds} s of ${load.timeline.length} more than ${percent(fullShare)}`;
  return {
    kind: 'generator busy',
    message: `${figure}: what was measured is the load process; use more of them, fewer connections or a lower rate`,
  };
}

/** A process that does not get its core is as bad as one that has filled it. */
function lateLoadProcess({ load, timersLateMs }: Evidence): Doubt | undefined {
  const p99 = load.latency?.ms.p99;
  if (p99 === undefined) return undefined;
  const usual = Math.max(0, ...timersLateMs.map(median));
  const limit = Math.max(doubtLimits.timersLateMs, p99 * doubtLimits.ownShare);
  if (usual <= limit) return undefined;
  const figure = `in most seconds a load process was held up by ${ms(usual)}, and p99 is ${ms(p99)}`;
  return {
    kind: 'generator busy',
    message: `${figure}: arrivals were seen late; leave a core free for each load process`,
  };
}

function latePublishers({ load, publishersLateMs: late }: Evidence): Doubt | undefined {
  const measured = load.latency?.ms;
  if (late === undefined || measured === undefined || late.p99 <= 1) return undefined;
  if (late.p99 <= measured.p99 / 2 && late.p50 <= measured.p50 / 2) return undefined;
  const figure = `publications left late by ${ms(late.p50)} at p50 and ${ms(late.p99)} at p99, of ${ms(measured.p50)} and ${ms(measured.p99)} that were measured`;
  return {
    kind: 'timers late',
    message: `${figure}: that is the publishers' time, not the server's; publish at a lower rate, or from another machine`,
  };
}

function tooShort({ plan, load }: Evidence): Doubt | undefined {
  if (load.latency === undefined) return { kind: 'too short', message: nothingCame };
  const there = latencySamples(load);
  const hardestAsked = askable.findIndex(({ asked }) => asked === (plan.percentile ?? 'p99.9'));
  const weak = askable.slice(0, hardestAsked + 1).filter(({ samples }) => there < samples);
  const hardest = weak.at(-1);
  if (hardest === undefined) return undefined;
  const needs = weak.map(({ asked, samples }) => `${asked} needs ${samples} publications`);
  const seconds = Math.ceil((load.seconds * hardest.samples) / Math.max(1, there));
  return {
    kind: 'too short',
    message: `${needs.join(' and ')}, and there were ${there}: measure for ${seconds} s or more, or publish more often`,
  };
}

const nothingCame = 'no publication arrived: is anything published on these topics, and are the patterns right?';

function lostConnections({ load }: Evidence): Doubt | undefined {
  const { asked, opened, lost, failed } = load.connect;
  if (opened === asked && lost === 0) return undefined;
  const reasons = reasonsText(failed);
  const why = reasons === '' ? '' : `: ${reasons}`;
  return {
    kind: 'connections lost',
    message: `of ${asked} connections ${asked - opened} could not be opened and ${lost} were lost while measuring${why}; the others had less to share a server with`,
  };
}

function lowRate({ plan, load }: Evidence): Doubt | undefined {
  if (plan.source.kind === 'existing' || load.published === undefined) return undefined;
  const asked = plan.source.topics * plan.source.rate * load.seconds;
  if (load.published >= asked * doubtLimits.publishedShare - plan.source.burst) return undefined;
  const figure = `${perSec(load.published / load.seconds)} were published, ${perSec(asked / load.seconds)} were asked for`;
  return { kind: 'rate not reached', message: `${figure}: ${whoseFault(load)}` };
}

function whoseFault({ server, publishers }: LoadResult): string {
  if ((server?.cpuShare ?? 0) > doubtLimits.fullShare) return 'the server is full; ask for less to see its latency';
  const isFull = publishers.some(({ cpuShare }) => cpuShare > doubtLimits.fullShare);
  return isFull
    ? 'the publishers are full; ask for less'
    : 'though the server was not busy; ask for less, or in larger bursts';
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function perSec(value: number): string {
  return `${Math.round(value)} a second`;
}
