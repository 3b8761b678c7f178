/** bench/RESULTS.md, whole. */

import { barChart } from './bar-chart.ts';
import type { Comparison } from './comparison.ts';
import { type ExperimentId, experiments } from './experiments.ts';
import { type Figure, figures, ratioOf, spreadOf } from './figures.ts';
import { type Column, markdownTable, spreadTable } from './markdown-table.ts';
import { method } from './method.ts';
import { judge } from './promises.ts';

const loads = ['turn-1', 'turn-10', 'turn-100', 'single-128', 'single-32'] as const;
const singles = ['single-128', 'single-32'] as const;
const rates = ['rate-1000', 'rate-100'] as const;
const fullShare = 0.9; // of a core: the rest goes to the kernel's housekeeping

const heads: Readonly<Record<ExperimentId, string>> = {
  'turn-1': '1 a turn',
  'turn-10': '10 a turn',
  'turn-100': '100 a turn',
  'single-128': 'one at a time, 128 B',
  'single-32': 'one at a time, 32 B',
  'rate-1000': '1000 × 100/s',
  'rate-100': '100 × 1000/s',
};

/** Says of every figure how it came about, and sets in bold whoever did best, whoever that is. */
export function renderResults(comparison: Comparison): string {
  return [
    '# Peers, side by side',
    `Written by \`${comparison.command}\` on ${comparison.date}. Each cell is the median of ${comparison.rounds} round${comparison.rounds === 1 ? '' : 's'} with the least and the most; the best of a column is bold.`,
    ...doubt(comparison),
    atAGlance(comparison),
    chart(comparison),
    '## What Tickwire promises against its peers',
    promises(comparison),
    '## Tickwire to each peer',
    'Deliveries per CPU-second of the server, Tickwire divided by the peer, round by round. **Below 1 the peer wins**, and is bold.',
    ratios(comparison),
    '## Server, publisher and clients together',
    'Millions of deliveries per CPU-second of all processes of a side.',
    together(comparison),
    ...singles.flatMap((id) => [`## ${sentence(experiments[id].title)}`, saturation(comparison, id)]),
    ...rates.flatMap((id) => [`## ${experiments[id].title}`, latencies(comparison, id)]),
    '## The machine',
    machineTable(comparison),
    '## How it was measured',
    method(comparison),
    '## What speed does not show',
    comparison.versions.map(({ title, offers }) => `- **${title}** ${offers}`).join('\n'),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** A machine that has other things to do measures those, too. */
function doubt({ loadAverage, machine }: Comparison): string[] {
  if (loadAverage < machine.cores / 4) return [];
  return [
    `**The machine was busy with something else (load average ${loadAverage.toFixed(1)} before the start, ${machine.cores} cores): these figures show that it works, and are not to be quoted.**`,
  ];
}

function atAGlance({ outcome, sides }: Comparison): string {
  const speed = loads.map((id) =>
    column(outcome, id, figures.deliveriesPerServerSec, `M/CPU-s, ${heads[id]}`, 'highest', 3),
  );
  const waits = rates.map((id) => column(outcome, id, figures.p99Ms, `p99 ms, ${heads[id]}`, 'lowest'));
  return [
    'Millions of deliveries per CPU-second of the server, and the 99th percentile of latency at a fixed rate:',
    spreadTable('', sides, [...speed, ...waits]),
  ].join('\n\n');
}

function column(
  outcome: Comparison['outcome'],
  id: ExperimentId,
  figure: Figure,
  head: string,
  best?: Column['best'],
  digits = 2,
): Column {
  return { head, of: (side) => spreadOf(outcome, id, side, figure), digits, ...(best === undefined ? {} : { best }) };
}

function chart({ outcome, sides }: Comparison): string {
  const charts = loads.flatMap((id) => {
    const bars = sides.flatMap(({ id: side, title }) => {
      const value = spreadOf(outcome, id, side, figures.deliveriesPerServerSec)?.median;
      return value === undefined ? [] : [{ label: title, value }];
    });
    return bars.length === 0 ? [] : [barChart(heads[id], bars, 3)];
  });
  return ['```text', 'M deliveries per CPU-second of the server', '', charts.join('\n\n'), '```'].join('\n');
}

function promises({ outcome }: Comparison): string {
  const rows = judge(outcome).map(({ what, limit, measured, isKept }) => [
    what,
    limit,
    measured,
    isKept ? 'kept' : '**missed**',
  ]);
  return markdownTable([['what', 'promise', 'measured', ''], ...rows]);
}

function ratios({ outcome, sides }: Comparison): string {
  const columns = loads.map(
    (id): Column => ({
      head: heads[id],
      of: (side) => ratioOf(outcome, id, ['tickwire', side], figures.deliveriesPerServerSec),
      isBold: (median) => median < 1,
    }),
  );
  return spreadTable(
    'Tickwire to',
    sides.filter(({ peer }) => peer !== 'tickwire'),
    columns,
  );
}

function together({ outcome, sides }: Comparison): string {
  return spreadTable(
    '',
    sides,
    loads.map((id) => column(outcome, id, figures.deliveriesPerCpuSec, heads[id], 'highest', 3)),
  );
}

function saturation(comparison: Comparison, id: ExperimentId): string {
  const { outcome, sides } = comparison;
  const table = spreadTable('', takingPart(comparison, id), [
    column(outcome, id, figures.deliveriesPerSec, 'M deliveries/s', 'highest', 3),
    column(outcome, id, figures.deliveriesPerServerSec, 'M per server CPU-second', 'highest', 3),
    column(outcome, id, figures.p50Ms, 'p50 ms', 'lowest', 1),
    column(outcome, id, figures.p99Ms, 'p99 ms', 'lowest', 1),
    column(outcome, id, percentOf(figures.serverShare), 'server CPU %', undefined, 0),
    column(outcome, id, percentOf(figures.clientsShare), 'clients CPU %', undefined, 0),
    column(outcome, id, percentOf(figures.publisherShare), 'publisher CPU %', undefined, 0),
    column(outcome, id, percentOf(figures.deliveredShare), 'delivered %', undefined, 2),
    column(outcome, id, figures.serverMegabytes, 'server MB', 'lowest', 0),
  ]);
  const full = sides.flatMap(({ id: side, title }) => {
    const who = whoseCpuWasFull(outcome, id, side);
    return who === undefined ? [] : [`${title}: ${who}`];
  });
  return `${table}\n\nWhose CPU was full (over ${fullShare * 100} % of a core): ${full.join('; ')}.`;
}

function whoseCpuWasFull(outcome: Comparison['outcome'], id: ExperimentId, side: string): string | undefined {
  const share = (figure: Figure) => spreadOf(outcome, id, side, figure)?.median;
  const server = share(figures.serverShare);
  if (server === undefined) return undefined;
  const full = [
    ...(server >= fullShare ? ['the server’s'] : []),
    ...((share(figures.clientsShare) ?? 0) >= fullShare ? ['the clients’'] : []),
    ...((share(figures.publisherShare) ?? 0) >= fullShare ? ['the publisher’s'] : []),
  ];
  return full.length === 0 ? 'nobody’s' : full.join(' and ');
}

function latencies(comparison: Comparison, id: ExperimentId): string {
  const { outcome } = comparison;
  return spreadTable('', takingPart(comparison, id), [
    column(outcome, id, figures.p50Ms, 'p50 ms', 'lowest'),
    column(outcome, id, figures.p99Ms, 'p99 ms', 'lowest'),
    column(outcome, id, figures.p999Ms, 'p99.9 ms', 'lowest', 1),
    column(outcome, id, figures.maxMs, 'max ms', 'lowest', 1),
    column(outcome, id, figures.serverMicrosPerDelivery, 'server CPU µs per delivery', 'lowest'),
    column(outcome, id, percentOf(figures.serverShare), 'server CPU %', undefined, 0),
    column(outcome, id, percentOf(figures.clientsShare), 'clients CPU %', undefined, 0),
    column(outcome, id, percentOf(figures.deliveredShare), 'delivered %', undefined, 2),
  ]);
}

function percentOf(figure: Figure): Figure {
  return (run) => figure(run) * 100;
}

function takingPart({ outcome, sides }: Comparison, id: ExperimentId) {
  return sides.filter((side) => outcome.get(id)?.has(side.id) === true);
}

function machineTable({ machine, loadAverage, versions, leftOut }: Comparison): string {
  const { cpu, cores, memoryBytes, system, node } = machine;
  const rows = [
    ['CPU', `${cpu}, ${cores} cores`],
    ['memory', `${(memoryBytes / 1e9).toFixed(0)} GB`],
    ['system', system],
    ['load average before the start', loadAverage.toFixed(2)],
    ['Node.js', node],
    ...versions.map(({ title, version }) => [title, version]),
    ...leftOut.map(({ title, reason }) => [title, `**left out**: ${reason}`]),
  ];
  return markdownTable([['what', ''], ...rows]);
}

function sentence(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
