/** Who is connected, as a server tells it and as a terminal shows it. */

import { z } from 'zod';
import { books } from './books.ts';
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

export function connectionTable(connections: readonly Connection[]): string {
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
