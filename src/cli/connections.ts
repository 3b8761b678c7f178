import type { Command } from 'commander';
import { connectionList, type ListFlags, listFlags, listQuery, writeConnections } from './connection-list.ts';
import type { Io } from './io.ts';
import { adminToken, serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';

export function setUpConnections(command: Command, io: Io): void {
  listFlags(urlFlag(command))
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

type Flags = ListFlags & { url?: string; json?: boolean };

async function connections({ url, json = false, ...wanted }: Flags, io: Io): Promise<void> {
  const path = `/connections?${listQuery(wanted)}`;
  writeConnections(await ask(serverAddress(url, io), path, connectionList, { token: adminToken(io) }), json, io);
}
