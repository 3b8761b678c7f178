/** Lines over time, drawn by uPlot with what a series holds. */

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ColourName, colours } from '../draw/colours.ts';
import type { Drawing } from '../draw/painter.ts';
import type { TimeSeries } from '../draw/time-series.ts';
import { fixed } from '../format.ts';
import { useApp } from '../frame/app.ts';
import type { Zone } from '../frame/settings.ts';

export type Line = {
  readonly title: string;
  readonly colour: ColourName;
  /** `none`: in the legend alone; a plugin draws it. */
  readonly shape?: 'line' | 'step' | 'none';
  readonly fill?: boolean;
  /** Its own scale, on the right. */
  readonly isRight?: boolean;
  /** Where they are not the chart's. */
  readonly unit?: string;
  readonly digits?: number;
};

export type ChartProps = {
  /** Followed for as long as the chart is shown. */
  readonly series: TimeSeries;
  readonly lines: readonly Line[];
  /** Which columns of the series they draw, the first value of a point being 1; absent: all, in their order. */
  readonly columns?: readonly number[];
  readonly label: string;
  /** Milliseconds that are shown at most; fewer while there is less. */
  readonly rangeMs: number;
  readonly height?: number;
  readonly unit?: string;
  readonly digits?: number;
  /** The value axis begins at zero, or goes from `min` to `max`. */
  readonly fromZero?: boolean;
  readonly limits?: readonly [min: number, max: number];
  readonly plugins?: readonly uPlot.Plugin[];
};

export function Chart(props: ChartProps) {
  const app = useApp();
  const place = useRef<HTMLDivElement>(null);
  const newest = useRef(props);
  const touch = useRef<() => void>(() => {});
  newest.current = props;
  const zone = app.settings.zone.value;
  const theme = app.settings.theme.value;
  const { lines, unit, height = 180, series } = props;
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let plot: uPlot | undefined;
    let drawing: Drawing | undefined;
    const draw = () => {
      if (plot === undefined) queueMicrotask(() => drawing?.touch()); // it shows its legend only once it is complete
      plot ??= new uPlot(optionsOf(newest.current, zone, element.clientWidth, height), noData(lines.length), element);
      const { series: now, columns, rangeMs } = newest.current;
      plot.setData(chosen(now.columns(), columns).map(withGaps) as uPlot.AlignedData, false);
      const max = Math.max(now.newest ?? 0, app.link.now());
      const [oldest = max] = now.columns()[0] ?? [];
      // Where nobody points, the legend tells the newest.
      if ((plot.cursor.left ?? -1) < 0) plot.setLegend({ idx: now.length - 1 }, false);
      plot.setScale('x', { min: Math.max(max - rangeMs, Math.min(oldest, max - leastRangeMs)), max });
    };
    drawing = app.painter.add(element, draw);
    const size = new ResizeObserver(() => {
      if (plot !== undefined && element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height });
    });
    size.observe(element);
    const unfollow = series.onChange(drawing.touch);
    touch.current = drawing.touch;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const remake = () => {
      plot?.destroy();
      plot = undefined;
      drawing?.touch();
    };
    dark.addEventListener('change', remake);
    return () => {
      dark.removeEventListener('change', remake);
      size.disconnect();
      unfollow();
      drawing?.remove();
      plot?.destroy();
    };
  }, [app, series, lines, zone, theme, unit, height]);
  useEffect(() => touch.current(), [props.rangeMs]);
  return <div class="chart" ref={place} role="img" aria-label={props.label} style={{ minHeight: `${height}px` }} />;
}

const leastRangeMs = 60_000;

/** The times, and with them the columns that are asked for. */
function chosen(all: readonly Float64Array[], columns: readonly number[] | undefined): readonly Float64Array[] {
  return columns === undefined ? all : all.filter((_, i) => i === 0 || columns.includes(i));
}

/** uPlot knows null for no value, and nothing of NaN. */
function withGaps(column: Float64Array): (number | null)[] {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}

function noData(lines: number): uPlot.AlignedData {
  return Array.from({ length: lines + 1 }, () => []) as unknown as uPlot.AlignedData;
}

function optionsOf(props: ChartProps, zone: Zone, width: number, height: number): uPlot.Options {
  const { lines, unit = '', digits = 1, fromZero, limits, plugins = [] } = props;
  const { faint, line } = colours();
  const axis = { stroke: faint, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: axisFont };
  const values = (_: uPlot, splits: number[]) => splits.map((split) => fixed(split, digitsOf(splits, digits)));
  const hasRight = lines.some(({ isRight, shape }) => isRight && shape !== 'none');
  return {
    width,
    height,
    ms: 1,
    tzDate: (ms) => (zone === 'utc' ? uPlot.tzDate(new Date(ms), 'Etc/UTC') : new Date(ms)),
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    legend: { show: true, live: true },
    plugins: [...plugins],
    scales: {
      x: { time: true },
      y: { range: rangeOf(fromZero, limits) },
      ...(lines.some(({ isRight }) => isRight) && { r: { range: rangeOf(true, undefined) } }),
    },
    axes: [
      { ...axis, values: timeTicks(zone), space: 70 },
      { ...axis, size: widthOf, values },
      ...(hasRight ? [{ ...axis, scale: 'r', side: 1 as const, size: widthOf, grid: { show: false }, values }] : []),
    ],
    series: [
      { label: 'Time', value: (_, ms) => (ms === null ? '–' : timeOf(ms, zone)) },
      ...lines.map((each) => seriesOf(each, unit, digits)),
    ],
  };
}

function seriesOf(line: Line, unitOfChart: string, digitsOfChart: number): uPlot.Series {
  const { title, colour, shape = 'line', fill, isRight, unit = unitOfChart, digits = digitsOfChart } = line;
  const stroke = colours()[colour];
  const paths = uPlot.paths;
  return {
    label: title,
    stroke,
    width: 1.5,
    spanGaps: false,
    scale: isRight ? 'r' : 'y',
    value: (_, value) => (value === null || value === undefined ? '–' : `${fixed(value, digits)} ${unit}`.trim()),
    points: shape === 'none' ? { show: false } : { size: 4 },
    ...(fill && { fill: transparent(stroke, 0.18) }),
    ...(shape === 'step' && paths.stepped && { paths: paths.stepped({ align: 1 }) }),
    ...(shape === 'none' && { paths: () => null }),
  };
}

/** `rgb(1, 2, 3)` as getComputedStyle says it, seen through. */
export function transparent(colour: string, alpha: number): string {
  return colour.startsWith('rgb(') ? `${colour.slice(0, -1)}, ${alpha})`.replace('rgb(', 'rgba(') : colour;
}

function rangeOf(fromZero: boolean | undefined, limits: readonly [number, number] | undefined): uPlot.Scale.Range {
  if (limits !== undefined) return [limits[0], limits[1]];
  return (_, min, max) => {
    if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
    const low = fromZero ? Math.min(0, min) : min;
    const room = (max - low) * 0.08 || Math.abs(max) * 0.05 || 1;
    return [fromZero && low === 0 ? 0 : low - room, max + room];
  };
}

/** As wide as the longest of its figures. */
function widthOf(_: uPlot, values: string[] | null): number {
  return 22 + 6.5 * Math.max(2, ...(values ?? []).map(({ length }) => length));
}

const axisFont = '11px system-ui, sans-serif';

/** As many digits as tell two ticks apart. */
function digitsOf(splits: readonly number[], most: number): number {
  const [a = 0, b = 0] = splits;
  const step = Math.abs(b - a);
  if (step === 0 || !Number.isFinite(step)) return most;
  let digits = 0;
  while (digits < 6 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6 * step * 10 ** digits)
    digits++;
  return digits;
}

function timeTicks(zone: Zone): uPlot.Axis.DynamicValues {
  return (_, splits) => {
    const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
    return splits.map((ms) =>
      tickFormats[zone][span > 1.5 * dayMs ? 'day' : span > 600_000 ? 'minute' : 'second'].format(ms),
    );
  };
}

const dayMs = 86_400_000;
const tickFormats = { local: formatsOf(undefined), utc: formatsOf('UTC') };

function formatsOf(timeZone: string | undefined) {
  const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  return {
    second: new Intl.DateTimeFormat(undefined, { ...hour, second: '2-digit' }),
    minute: new Intl.DateTimeFormat(undefined, hour),
    day: new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', hourCycle: 'h23', timeZone }),
    full: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', timeZone }),
  };
}

function timeOf(ms: number, zone: Zone): string {
  return tickFormats[zone].full.format(ms);
}
