import { type Command, Option } from 'commander';
import { connectionList, connectionTable } from './connection-list.ts';
import type { Io } from './io.ts';
import { parseCount } from './parse.ts';
import { adminToken, serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { showCount } from './show.ts';

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

async function connections({ url, limit = 20, sort, json = false }: Flags, io: Io): Promise<void> {
  const path = `/connections?limit=${limit}&sort=${sort}`;
  const { count, connections } = await ask(serverAddress(url, io), path, connectionList, {
    token: adminToken(io),
  });
  if (json) {
    for (const connection of connections) io.stdout.write(`${JSON.stringify(connection)}\n`);
    return;
  }
  if (count === 0) io.stdout.write('nobody is connected\n');
  else io.stdout.write(connectionTable(connections));
  if (count > connections.length) io.stdout.write(`… and ${showCount(count - connections.length)} more\n`);
}
