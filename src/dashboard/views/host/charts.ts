/** What of a machine is charted, in the order of the view. */

import { bytes, field, fixed, numberIn, percent, plotted } from '../../format.ts';
import type { Line } from '../../widgets/chart.tsx';

export type HostChartForm = {
  readonly id: string;
  /** The third segment of the topics that it charts. */
  readonly what: string;
  readonly title: string;
  readonly unit?: string;
  readonly lines: readonly Line[];
  readonly read: (data: unknown) => readonly number[];
  /** The newest value in words. */
  readonly now: (data: unknown) => string;
  readonly limits?: readonly [number, number];
};

const read = (data: unknown, name: string, factor = 1) => plotted((numberIn(field(data, name)) ?? Number.NaN) * factor);
const kibi = 1 / 1024;

export const hostCharts: readonly HostChartForm[] = [
  {
    id: 'cpu',
    what: 'cpu',
    title: 'Processor',
    unit: '%',
    limits: [0, 100],
    lines: [
      { title: 'Busy', colour: 's1', fill: true },
      { title: 'System', colour: 's2' },
      { title: 'Waiting for I/O', colour: 's3' },
    ],
    read: (data) => [read(data, 'total', 100), read(data, 'system', 100), read(data, 'iowait', 100)],
    now: (data) => percent(field(data, 'total')),
  },
  {
    id: 'memory',
    what: 'memory',
    title: 'Memory',
    unit: '%',
    limits: [0, 100],
    lines: [{ title: 'Used', colour: 's1', fill: true }],
    read: (data) => [read(data, 'usedPct')],
    now: (data) => `${fixed(field(data, 'usedPct'), 1)} % of ${bytes(field(data, 'total'))}`,
  },
  {
    id: 'process',
    what: 'process',
    title: 'This server',
    lines: [
      { title: 'CPU %', colour: 's1', fill: true },
      { title: 'Loop p99 ms', colour: 's2', isRight: true },
    ],
    read: (data) => [read(data, 'cpuPct'), read(data, 'eventLoopP99Ms')],
    now: (data) => `${fixed(field(data, 'cpuPct'), 1)} %, ${bytes(field(data, 'rss'))}`,
  },
  {
    id: 'load',
    what: 'load',
    title: 'Load average',
    lines: [
      { title: '1 min', colour: 's1', fill: true },
      { title: '5 min', colour: 's2' },
      { title: '15 min', colour: 's3' },
    ],
    read: (data) => [read(data, 'l1'), read(data, 'l5'), read(data, 'l15')],
    now: (data) => fixed(field(data, 'l1'), 2),
  },
  {
    id: 'pressure',
    what: 'pressure',
    title: 'Pressure (time lost waiting)',
    unit: '%',
    lines: [
      { title: 'CPU', colour: 's1', fill: true },
      { title: 'Memory', colour: 's2' },
      { title: 'I/O', colour: 's3' },
    ],
    read: (data) => [read(data, 'cpuSome'), read(data, 'memSome'), read(data, 'ioSome')],
    now: (data) => `${fixed(field(data, 'cpuSome'), 1)} %`,
  },
  {
    id: 'net',
    what: 'net',
    title: 'Network',
    unit: 'KiB/s',
    lines: [
      { title: 'In', colour: 's1', fill: true },
      { title: 'Out', colour: 's2' },
    ],
    read: (data) => [read(data, 'rxBps', kibi), read(data, 'txBps', kibi)],
    now: (data) => `in ${bytes(field(data, 'rxBps'))}/s, out ${bytes(field(data, 'txBps'))}/s`,
  },
  {
    id: 'disk',
    what: 'disk',
    title: 'Disk',
    unit: 'KiB/s',
    lines: [
      { title: 'Read', colour: 's1', fill: true },
      { title: 'Written', colour: 's2' },
    ],
    read: (data) => [read(data, 'readBps', kibi), read(data, 'writeBps', kibi)],
    now: (data) => `read ${bytes(field(data, 'readBps'))}/s, written ${bytes(field(data, 'writeBps'))}/s`,
  },
  {
    id: 'fs',
    what: 'fs',
    title: 'Space',
    unit: '%',
    limits: [0, 100],
    lines: [{ title: 'Used', colour: 's1', fill: true }],
    read: (data) => [read(data, 'usedPct')],
    now: (data) => `${fixed(field(data, 'usedPct'), 1)} % of ${bytes(field(data, 'size'))}`,
  },
];
