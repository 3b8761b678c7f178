/** Who is connected, as a server tells it and as a terminal shows it. */

import { type Command, Option } from 'commander';
import { z } from 'zod';
import { books } from './books.ts';
import type { Io } from './io.ts';
import { parseCount } from './parse.ts';
import { printable } from './printable.ts';
import { showAge, showBytes, showCount } from './show.ts';
import { table } from './table.ts';

const subscription = z.looseObject({
  sid: z.int(),
  patterns: z.array(z.string()),
  rate: z.number(),
  fields: z.array(z.string()).optional(),
  filter: z.string().optional(),
  delta: z.literal(true).optional(),
  paused: z.boolean(),
  ledger: books,
});

export const connection = z.looseObject({
  id: z.string(),
  encoding: z.string(),
  sdk: z.string().optional(),
  address: z.string(),
  connectedMs: z.number(),
  bufferedBytes: z.number(),
  lagMs: z.number(),
  step: z.string(),
  stepMs: z.number(),
  ledger: books,
  subscriptions: z.array(subscription),
});
export type Connection = z.infer<typeof connection>;

export const connectionList = z.object({ count: z.int(), connections: z.array(connection) });

export const sessionOrders = ['lag', 'buffered', 'skipped'] as const;
export type SessionOrder = (typeof sessionOrders)[number];

export type ListFlags = { readonly limit?: number; readonly sort: SessionOrder };

export function sortFlag(command: Command): Command {
  return command.addOption(new Option('--sort <by>', 'what counts as slow').choices(sessionOrders).default('lag'));
}

export function listFlags(command: Command): Command {
  return sortFlag(command.option('-n, --limit <number>', 'show so many (default: 20)', parseCount));
}

/** Of a URL. */
export function listQuery({ limit = 20, sort }: ListFlags): string {
  return `limit=${limit}&sort=${sort}`;
}

/** A table, or one JSON object a line. */
export function writeConnections(
  { count, connections }: z.infer<typeof connectionList>,
  isJson: boolean,
  { stdout }: Io,
): void {
  if (isJson) {
    for (const connection of connections) stdout.write(`${JSON.stringify(connection)}\n`);
    return;
  }
  if (count === 0) stdout.write('nobody is connected\n');
  else stdout.write(connectionTable(connections));
  if (count > connections.length) stdout.write(`… and ${showCount(count - connections.length)} more\n`);
}

function connectionTable(connections: readonly Connection[]): string {
  const headings = ['ID', 'ADDRESS', 'CLIENT', 'UP', 'STEP', 'LAG', 'BUFFERED', 'SUBS', 'DELIVERED', 'SKIPPED', 'LOST'];
  return table(headings, connections.map(asRow));
}

function asRow({ id, address, sdk, encoding, connectedMs, step, stepMs, lagMs, bufferedBytes, ...rest }: Connection) {
  const { delivered, conflated, missed } = rest.ledger;
  return [
    printable(id),
    printable(address),
    printable(`${sdk ?? '-'} (${encoding})`),
    showAge(connectedMs),
    step === 'full' ? step : `${printable(step)} ${showAge(stepMs)}`,
    `${showCount(Math.round(lagMs))} ms`,
    showBytes(bufferedBytes),
    String(rest.subscriptions.length),
    ...[delivered, conflated, missed].map(showCount),
  ];
}
