import type { Command } from 'commander';
import { hasColour, type Io } from './io.ts';
import { parseCount, parseDurationMs } from './parse.ts';
import { checkPattern } from './patterns.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { connectToServer } from './server-client.ts';
import { type Update, UpdateLines } from './update-line.ts';

export function setUpSub(command: Command, io: Io): void {
  urlFlag(command)
    .argument('<pattern...>', 'topics or patterns; quote them')
    .option('--json', 'print one JSON object a line; "ts" is microseconds since 1970')
    .option('-n, --count <number>', 'stop after this many updates', parseCount)
    .option('--for <time>', 'stop after this time, such as 10s or 2m', parseDurationMs)
    .addHelpText('after', examples)
    .action((patterns: string[], flags: Flags) => sub(patterns, flags, io));
}

const examples = `
What a topic holds comes first, then what changes.

Examples:
  $ tickwire sub 'host.>'
  $ tickwire sub market.sim.AAPL.quote market.sim.AAPL.trade
  $ tickwire sub 'weather.sim.*.obs' --json --count 10 | jq .data
  $ tickwire sub '>' --for 10s --url wss://feeds.example.com`;

type Flags = { url?: string; json?: boolean; count?: number; for?: number };

async function sub(patterns: readonly string[], flags: Flags, io: Io): Promise<void> {
  for (const pattern of patterns) checkPattern(pattern);
  const say = (message: string) => void io.stderr.write(`tickwire: ${message}\n`);
  const { client, failed } = connectToServer(serverAddress(flags.url, io), say);
  const end = ending(flags.for, io);
  try {
    const print = printer(flags, io, end.reached);
    for (const pattern of new Set(patterns)) client.subscribe(pattern, print);
    await Promise.race([end.promise, failed]);
  } finally {
    end.forget();
    client.close();
  }
}

/** Prints updates until `count` of them are out; the rest of that turn's are not shown. */
function printer({ json = false, count = Number.POSITIVE_INFINITY }: Flags, io: Io, reached: () => void) {
  const lines = new UpdateLines(hasColour(io));
  let left = count;
  return (update: Update) => {
    if (left === 0) return;
    io.stdout.write(`${json ? JSON.stringify(update) : lines.line(update)}\n`);
    left--;
    if (left === 0) reached();
  };
}

/** Resolves at Ctrl-C, when the time is over, or when told that enough was `reached`. */
function ending(afterMs: number | undefined, io: Io) {
  let reached = () => {};
  const promise = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const forgetSignal = io.onStopSignal(reached);
  const timer = afterMs === undefined ? undefined : setTimeout(reached, afterMs);
  const forget = () => {
    forgetSignal();
    clearTimeout(timer);
  };
  return { promise, reached, forget };
}
