/** One picture of a server, as lines that fit a terminal. Pure: the same two looks make the same lines. */

import type { SessionOrder } from '../connection-list.ts';
import { showAge, showBytes, showCount } from '../show.ts';
import { fitted, fittedTable } from './fit.ts';
import type { Status } from './status.ts';

/** `atMs`: when it was taken, monotonic. */
export type Look = { readonly status: Status; readonly atMs: number };

export type Colour = 'title' | 'good' | 'bad' | 'dim';

export type ViewOptions = {
  readonly address: string;
  readonly sort: SessionOrder;
  readonly isPaused: boolean;
  readonly hasHelp: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Said in place of the keys. */
  readonly trouble?: string | undefined;
  /** Adds no width. */
  readonly paint: (colour: Colour, text: string) => string;
};

const wideColumns = 100; // from here on there is room for addresses

/** No line is longer than `columns`, and there are `rows` of them at most. */
export function frame(looks: { readonly now: Look; readonly before: Look }, options: ViewOptions): string[] {
  const { rows, hasHelp, paint } = options;
  const head = headOf(looks, options);
  const foot = [paint('dim', fitted(footText(options), options.columns))];
  if (hasHelp) return [...head, '', ...help.map((line) => fitted(line, options.columns)), '', ...foot].slice(0, rows);
  const room = rows - head.length - foot.length - 2; // a blank line before each table
  const { feeds } = looks.now.status;
  const feedRoom = Math.min(feeds.length, Math.max(1, Math.floor(room / 2) - 1));
  const feedLines = feedTable(looks, options, feedRoom);
  const sessionLines = sessionTable(looks, options, room - feedLines.length - 1);
  return [...head, '', ...feedLines, '', ...sessionLines, ...foot].slice(0, rows);
}

function headOf({ now, before }: { now: Look; before: Look }, { address, columns, paint }: ViewOptions): string[] {
  const { status } = now;
  const { connections, process } = status;
  const perSec = (of: (status: Status) => number) => rate(of(now.status) - of(before.status), now.atMs - before.atMs);
  const state = status.ready ? 'ready' : `not ready: ${status.reasons.join('; ')}`;
  const title = fitted(`${status.server}  ${address}  up ${showAge(status.uptimeSec * 1000)}  `, columns);
  const cpu = rate(process.cpuSec - before.status.process.cpuSec, now.atMs - before.atMs) * 100;
  const share = `${Math.round((100 * connections.count) / connections.limit)} %`;
  const lines = [
    `connections   ${showCount(connections.count)} of ${showCount(connections.limit)} (${share}), peak ${showCount(connections.peak)}${behind(pairs(connections.encodings))}`,
    `served        ${pairs(connections.steps)}; ${showCount(connections.subscriptions)} subscriptions, ${showBytes(connections.queueBytes)} queued`,
    `published     ${per(perSec(({ counts }) => counts.publications))}, delivered ${per(perSec(({ counts }) => counts.delivered))}, sent ${showBytes(Math.round(perSec(({ counts }) => counts.bytes)))}/s in ${per(
      perSec(({ counts }) => counts.messages),
      ' messages',
    )}`,
    `left out      conflated ${per(perSec(({ counts }) => counts.conflated))}, filtered ${per(perSec(({ counts }) => counts.filtered))}, missed ${per(perSec(({ counts }) => counts.missed))}`,
    `process       CPU ${Math.round(cpu)} %, memory ${showBytes(process.rssBytes)}, event loop p99 ${process.loopDelayMs.toFixed(1)} ms`,
  ];
  const stateText = fitted(state, Math.max(0, columns - title.length));
  return [
    paint('title', title) + paint(status.ready ? 'good' : 'bad', stateText),
    ...lines.map((line) => fitted(line, columns)),
  ];
}

function feedTable(
  { now, before }: { now: Look; before: Look },
  { columns, paint }: ViewOptions,
  room: number,
): string[] {
  const elapsedMs = now.atMs - before.atMs;
  const earlier = new Map(before.status.feeds.map((feed) => [feed.name, feed]));
  const rows = now.status.feeds
    .slice(0, room)
    .map(({ name, status, activity, text = '', ticks, published, rejected, errors }) => {
      const was = earlier.get(name);
      const rates = [
        rate(ticks - (was?.ticks ?? ticks), elapsedMs),
        rate(published - (was?.published ?? published), elapsedMs),
      ];
      return [
        name,
        status,
        activity,
        ...rates.map((value) => per(value)),
        showCount(rejected),
        showCount(errors),
        text,
      ];
    });
  const headings = ['FEED', 'STATUS', 'ACTIVITY', 'TICKS', 'PUBLISHED', 'REJECTED', 'ERRORS', 'WHY'];
  const lines = fittedTable(headings, rows, columns, { right: [3, 4, 5, 6], flexible: 7 });
  return lines.map((line, i) => {
    if (i === 0) return paint('dim', line);
    return /^\S+ +(ok|starting) /.test(line) ? line : paint('bad', line);
  });
}

function sessionTable({ now }: { now: Look }, { columns, sort, paint }: ViewOptions, room: number): string[] {
  const hasAddress = columns >= wideColumns;
  const rows = now.status.sessions
    .slice(0, Math.max(0, room))
    .map(({ id, address, sdk = '-', encoding, step, lagMs, bufferedBytes, ledger }) => {
      const { conflated, missed } = ledger;
      const figures = [`${showCount(Math.round(lagMs))} ms`, showBytes(bufferedBytes), showCount(conflated + missed)];
      return [id, ...(hasAddress ? [address] : []), `${sdk} (${encoding})`, step, ...figures];
    });
  const mark = (name: SessionOrder, text: string) => (name === sort ? `${text}↓` : text);
  const figures = [mark('lag', 'LAG'), mark('buffered', 'QUEUED'), mark('skipped', 'SKIPPED')];
  const headings = ['SESSION', ...(hasAddress ? ['ADDRESS'] : []), 'CLIENT', 'STEP', ...figures];
  const first = headings.length - figures.length;
  const right = [first, first + 1, first + 2];
  const lines = fittedTable(headings, rows, columns, { right, flexible: hasAddress ? 2 : 1 });
  const none = rows.length === 0 ? [fitted('nobody is connected', columns)] : [];
  return [...lines.map((line, i) => paintSession(line, i, paint)), ...none];
}

function paintSession(line: string, i: number, paint: ViewOptions['paint']): string {
  if (i === 0) return paint('dim', line);
  return / (conflated|limited) /.test(line) ? paint('bad', line) : line;
}

function footText({ sort, isPaused, trouble }: ViewOptions): string {
  if (trouble !== undefined) return trouble;
  return `q quit  s sort: ${sort}  p ${isPaused ? 'go on' : 'hold still'}  ? help${isPaused ? '   (held still)' : ''}`;
}

const help = [
  'q, Ctrl-C   quit',
  's           sort sessions by lag, bytes queued or publications skipped',
  'p           hold the picture still, and go on',
  '?           this list, and back',
  '',
  'Rates are between two looks. SKIPPED counts what a session went without since it',
  'came, because it or the rate that it asked for was slower.',
  '"tickwire admin session <id>" tells all of one.',
];

function pairs(table: Readonly<Record<string, number>>): string {
  return Object.entries(table)
    .filter(([name, count]) => count > 0 || name === 'full')
    .map(([name, count]) => `${name} ${showCount(count)}`)
    .join(', ');
}

function behind(text: string): string {
  return text === '' ? '' : `; ${text}`;
}

/** A server that was started anew counts from 0 again. */
function rate(difference: number, elapsedMs: number): number {
  return elapsedMs > 0 ? Math.max(0, (difference * 1000) / elapsedMs) : 0;
}

function per(value: number, of = ''): string {
  return `${value < 10 && value > 0 ? value.toFixed(1) : showCount(Math.round(value))}${of}/s`;
}
