/** The charts of the page. Its functions run in the browser as their own text, so they use each other and nothing else. */

import type UPlot from 'uplot';
import type { BenchReport, Moment } from '../load/report.ts';
import type { LatencyCurve } from './latency-curve.ts';

declare const uPlot: typeof UPlot; // from the script before this one

type Chart = { readonly data: UPlot.AlignedData; readonly options: Omit<UPlot.Options, 'width' | 'height'> };

function drawAll(): void {
  const report: BenchReport = readJson('report');
  const curves: (LatencyCurve | null)[] = readJson('curves');
  const drawn: UPlot[] = [];
  for (const place of document.querySelectorAll<HTMLElement>('.chart')) {
    const run = Number(place.dataset.run);
    const chart = chartOf(place.dataset.kind ?? '', report.runs[run]?.load?.timeline ?? [], curves[run] ?? null);
    const plot = new uPlot({ ...chart.options, ...sizeOf(place) }, chart.data, place);
    new ResizeObserver(() => plot.setSize(sizeOf(place))).observe(place);
    drawn.push(plot);
  }
  const redraw = () => {
    for (const plot of drawn) plot.redraw(false);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

function readJson<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null');
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  return { width: place.clientWidth, height: 220 };
}

function chartOf(kind: string, timeline: readonly Moment[], curve: LatencyCurve | null): Chart {
  if (kind === 'curve') return curveChart(curve ?? { oneIn: [], ms: [] });
  const seconds = timeline.map(({ second }) => second);
  if (kind === 'latency') {
    return overTime(seconds, [
      ['p50', 'a', timeline.map(({ p50 }) => p50)],
      ['p99', 'b', timeline.map(({ p99 }) => p99)],
      ['max', 'c', timeline.map(({ max }) => max)],
    ]);
  }
  if (kind === 'deliveries') return overTime(seconds, [['deliveries', 'a', timeline.map((one) => one.deliveries)]]);
  return overTime(seconds, [
    ['server', 'a', timeline.map(({ serverCpu }) => (serverCpu === undefined ? null : 100 * serverCpu))],
    ['busiest load process', 'b', timeline.map(({ clientCpu }) => 100 * clientCpu)],
  ]);
}

function overTime(seconds: number[], lines: [label: string, colour: string, values: (number | null)[]][]): Chart {
  const data: UPlot.AlignedData = [seconds, ...lines.map(([, , values]) => values)];
  const series = lines.map(([label, colour]) => ({
    label,
    stroke: () => colourOf(colour),
    width: 2,
    value: shownValue,
  }));
  const options = {
    scales: { x: { time: false }, y: { range: fromZero } },
    axes: axes((second: number) => `${second} s`),
    series: [{ label: 'second' }, ...series],
  };
  return { data, options };
}

function curveChart({ oneIn, ms }: LatencyCurve): Chart {
  const options = {
    scales: { x: { time: false, distr: 3 as const, log: 10 as const }, y: { range: fromZero } },
    padding: [null, 32, null, null] as UPlot.Padding, // the last percentile is a long word
    axes: axes(percentileOf, onlyDecades),
    series: [
      { label: 'percentile', value: (_: UPlot, rare: number | null) => (rare === null ? '–' : percentileOf(rare)) },
      { label: 'latency', ...lineLook('a') },
    ],
  };
  return { data: [[...oneIn], [...ms]], options };
}

function lineLook(colour: string): UPlot.Series {
  const stroke = () => colourOf(colour);
  return { stroke, width: 2, value: shownValue, points: { stroke, fill: () => colourOf('back') } };
}

function axes(showX: (value: number) => string, filter?: UPlot.Axis.Filter): UPlot.Axis[] {
  const look = {
    stroke: () => colourOf('muted'),
    grid: { stroke: () => colourOf('line'), width: 1 },
    ticks: { stroke: () => colourOf('line'), width: 1 },
  };
  const filtered = filter && { grid: { ...look.grid, filter }, ticks: { ...look.ticks, filter } };
  const short = (value: number) => Intl.NumberFormat('en', { notation: 'compact' }).format(value);
  return [
    {
      ...look,
      ...filtered,
      values: (_, splits) => splits.map((value: number | null) => (value === null ? '' : showX(value))),
    },
    { ...look, size: 56, values: (_, splits) => splits.map(short) },
  ];
}

function onlyDecades(_: UPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
}

/** 100 → p99. Only powers of ten are named, for the others have no room. */
function percentileOf(oneIn: number): string {
  if (oneIn <= 1) return 'p0';
  const digits = Math.max(0, Math.ceil(Math.log10(oneIn) - 2 - 1e-9));
  return `p${(100 * (1 - 1 / oneIn)).toFixed(digits)}`;
}

function fromZero(_: UPlot, __: number | null, max: number | null): [number, number] {
  return [0, (max ?? 1) * 1.05 || 1];
}

function shownValue(_: UPlot, value: number | null): string {
  return value === null ? '–' : Intl.NumberFormat('en', { maximumSignificantDigits: 4 }).format(value);
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
}

const parts = [
  readJson,
  sizeOf,
  chartOf,
  overTime,
  curveChart,
  axes,
  onlyDecades,
  percentileOf,
  fromZero,
  shownValue,
  lineLook,
  colourOf,
  drawAll,
];

/** Draws every chart of the page. */
export const pageScript = `${parts.join('\n')}\ndrawAll();`;
