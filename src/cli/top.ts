import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { sortFlag } from './connection-list.ts';
import { messageOf } from './exit.ts';
import { hasColour, type Io } from './io.ts';
import { parseDurationMs } from './parse.ts';
import { adminToken, serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { frame, type Look, type ViewOptions } from './top/frame.ts';
import { Screen } from './top/screen.ts';
import { type Status, status } from './top/status.ts';

export function setUpTop(command: Command, io: Io): void {
  sortFlag(urlFlag(command).option('-i, --interval <time>', 'look so often (default: 1s)', parseDurationMs))
    .option('--once', 'print one look as text, and end')
    .addHelpText('after', examples)
    .action((flags: Flags) => top(flags, io));
}

const examples = `
Keys: q quits, s sorts by something else, p holds the picture still, ? shows this list.
Rates are between two looks. Without a terminal it prints one look, as with --once.

Examples:
  $ tickwire top
  $ tickwire top --sort skipped --interval 5s
  $ tickwire top --once > now.txt
  $ TICKWIRE_ADMIN_TOKEN=… tickwire top --url wss://feeds.example.com`;

type Flags = { url?: string; interval?: number; sort: ViewOptions['sort']; once?: boolean };

const usualIntervalMs = 1000;
const paper = { columns: 100, rows: 60 } as const;

async function top({ url, interval = usualIntervalMs, sort, once = false }: Flags, io: Io): Promise<void> {
  const address = serverAddress(url, io);
  const look = async (by: ViewOptions['sort']): Promise<Look> => {
    const found = await ask<Status>(address, `/status?limit=50&sort=${by}`, status, { token: adminToken(io) });
    return { status: found, atMs: performance.now() };
  };
  if (once || io.stdout.isTTY !== true) {
    const before = await look(sort);
    await setTimeout(Math.min(interval, usualIntervalMs));
    const now = await look(sort);
    const lines = frame(
      { now, before },
      { address, sort, isPaused: false, hasHelp: false, ...paper, paint: (_, text) => text },
    );
    io.stdout.write(`${lines.slice(0, -1).join('\n').trimEnd()}\n`); // nobody presses keys
    return;
  }
  const first = await look(sort); // what is wrong with the address is said on the terminal as it is
  await new Screen({
    io,
    address,
    sort,
    intervalMs: interval,
    hasColour: hasColour(io),
    look,
    complaint: messageOf,
  }).run(first);
}
