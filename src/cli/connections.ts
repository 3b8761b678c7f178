import { type Command, Option } from 'commander';
import { z } from 'zod';
import { books } from './books.ts';
import type { Io } from './io.ts';
import { parseCount } from './parse.ts';
import { printable } from './printable.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { showAge, showBytes, showCount } from './show.ts';
import { table } from './table.ts';

export function setUpConnections(command: Command, io: Io): void {
  urlFlag(command)
    .option('-n, --limit <number>', 'show so many (default: 20)', parseCount)
    .addOption(new Option('--sort <by>', 'what counts as slow').choices(['lag', 'buffered', 'skipped']).default('lag'))
    .option('--json', 'print one JSON object a line, subscriptions included')
    .addHelpText('after', examples)
    .action((flags: Flags) => connections(flags, io));
}

const examples = `
STEP is how a client is served: full; conflated, so only the newest as fast as it reads; or limited, and rarely.
LAG is how far behind it was when it was last asked, BUFFERED what waits to be sent to it. SKIPPED counts what it had to
go without because it, or the rate that it asked for, was slower; LOST the events that were no longer kept for it.

Examples:
  $ tickwire connections
  $ tickwire connections --limit 5 --sort skipped
  $ tickwire connections --json | jq 'select(.step != "full") | .address'`;

type Flags = { url?: string; limit?: number; sort: string; json?: boolean };

const connectionList = z.object({
  count: z.int(),
  connections: z.array(
    z.looseObject({
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
      subscriptions: z.array(z.unknown()),
    }),
  ),
});
type Connection = z.infer<typeof connectionList>['connections'][number];

async function connections({ url, limit = 20, sort, json = false }: Flags, io: Io): Promise<void> {
  const path = `/connections?limit=${limit}&sort=${sort}`;
  const { count, connections } = await ask(serverAddress(url, io), path, connectionList);
  if (json) {
    for (const connection of connections) io.stdout.write(`${JSON.stringify(connection)}\n`);
    return;
  }
  if (count === 0) io.stdout.write('nobody is connected\n');
  else io.stdout.write(asTable(connections));
  if (count > connections.length) io.stdout.write(`… and ${showCount(count - connections.length)} more\n`);
}

function asTable(connections: readonly Connection[]): string {
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
