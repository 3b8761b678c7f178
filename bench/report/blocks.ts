/** What is said of a run, as small tables: a terminal and a page show the same. */

import { doubtLimits } from '../load/conductor/doubts.ts';
import type { LoadResult, Percentiles, ProcessUse, RunReport } from '../load/report.ts';
import { latencySamples, type PercentileName, percentileNames, samplesNeeded } from '../load/samples.ts';
import { deliveriesPerCpuSec } from './measures.ts';
import { showBytes, showCount, showMs, showSeconds, showShare, showUnit, unknown } from './show.ts';

export type Block = {
  readonly title: string;
  /** Without any, the rows are names and what is said of them. */
  readonly headings: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[];
};

/** Empty ones are left out. */
export function blocks(run: RunReport): Block[] {
  const figures = run.figures.map(({ name, value, unit }) => [name, showUnit(value, unit)]);
  const own: Block = { title: 'Figures of the scenario', headings: [], rows: figures };
  const ofLoad = run.load === undefined ? [] : loadBlocks(run.load);
  return [own, ...ofLoad].filter(({ rows }) => rows.length > 0);
}

function loadBlocks(load: LoadResult): Block[] {
  return [throughput(load), times(load), ledger(load), processes(load)];
}

function throughput(load: LoadResult): Block {
  const { connect, published, deliveries, messages, bytes, seconds, fairness } = load;
  const failed = Object.entries(connect.failed).map(([reason, count]) => [`failed: ${reason}`, showCount(count)]);
  const perCpuSec = deliveriesPerCpuSec(load);
  const perSec = (count: number) => `${showCount(count)} (${showUnit(count / seconds, '1/s')})`;
  const { least, median, most } = fairness;
  return {
    title: 'Throughput',
    headings: [],
    rows: [
      [
        'connected',
        `${showCount(connect.opened)} of ${showCount(connect.asked)} within ${showSeconds(connect.seconds)}`,
      ],
      ...failed,
      ...(connect.lost > 0 ? [['lost connections', showCount(connect.lost)]] : []),
      ...(published === undefined ? [] : [['published', perSec(published)]]),
      ['delivered', perSec(deliveries)],
      ['messages', `${showCount(messages)} (${showUnit(messages / seconds, '1/s')}, ${showBytes(bytes / seconds)}/s)`],
      ['per CPU-second', perCpuSec === undefined ? unknown : `${showCount(perCpuSec)} deliveries, of the server`],
      ['fairness', `${showCount(least)} to ${showCount(most)} deliveries a connection, median ${showCount(median)}`],
    ],
  };
}

const shown: readonly PercentileName[] = ['p50', 'p90', 'p99', 'p999', 'max'];

function times(load: LoadResult): Block {
  const { latency, ageMs, connect } = load;
  const within = latency?.uncertaintyMs;
  const latencyName = within === undefined ? 'latency' : `latency ± ${showMs(within)}`;
  return {
    title: 'Times',
    headings: ['', ...shown.map((name) => percentileNames[name]), 'samples'],
    rows: [
      ...(latency === undefined ? [] : [percentileRow(latencyName, latency.ms, latencySamples(load))]),
      ...(ageMs === undefined ? [] : [percentileRow('age of newest', ageMs, ageMs.count)]),
      percentileRow('to connect', connect.timeMs, connect.timeMs.count),
    ],
  };
}

function percentileRow(name: string, percentiles: Percentiles, samples: number): string[] {
  const cells = shown.map((one) => (samples >= samplesNeeded[one] ? showMs(percentiles[one]) : unknown));
  return [name, ...cells, showCount(samples)];
}

function ledger({ ledger }: LoadResult): Block {
  const { delivered, conflated, missed, lost, duplicates } = ledger;
  return {
    title: 'Ledger of the connections that were read',
    headings: ['', 'delivered', 'conflated', 'missed', 'lost', 'duplicates'],
    rows: [['publications', ...[delivered, conflated, missed, lost, duplicates].map(showCount)]],
  };
}

function processes({ server, clients, publishers }: LoadResult): Block {
  const numbered = (name: string, list: readonly ProcessUse[]) =>
    list.map((use, i) => processRow(list.length === 1 ? name : `${name} ${i + 1}`, use));
  return {
    title: 'Processes',
    headings: ['', 'CPU time', 'of a core', 'fullest second', 'memory'],
    rows: [
      ...(server === undefined ? [] : [processRow('server', server)]),
      ...numbered('load', clients),
      ...numbered('publisher', publishers),
    ],
  };
}

const { fullShare } = doubtLimits;

function processRow(name: string, { cpuSec, cpuShare, cpuSharePeak, rssBytes }: ProcessUse): string[] {
  return [
    cpuShare > fullShare ? `${name} (full)` : name,
    showSeconds(cpuSec),
    showShare(cpuShare),
    showShare(cpuSharePeak),
    showBytes(rssBytes),
  ];
}

/** Whose CPU set the pace, as one sentence. */
export function whoseCpu({ server, clients, publishers }: LoadResult): string {
  const all = [
    ...(server === undefined ? [] : [{ who: 'the server', share: server.cpuShare }]),
    ...clients.map(({ cpuShare }) => ({ who: 'a load process', share: cpuShare })),
    ...publishers.map(({ cpuShare }) => ({ who: 'a publisher', share: cpuShare })),
  ];
  const full = [...new Set(all.filter(({ share }) => share > fullShare).map(({ who }) => who))];
  if (full.length === 0) return `Nobody's core was full${server === undefined ? ', as far as is known' : ''}.`;
  return `The core of ${full.join(' and of ')} was full.`;
}
