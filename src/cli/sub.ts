import type { Command } from 'commander';
import type { Message } from '../client/index.ts';
import { matches } from '../protocol/topic.ts';
import { hasColour, type Io } from './io.ts';
import { parseCount, parseDurationMs } from './parse.ts';
import { checkPattern } from './patterns.ts';
import { printable } from './printable.ts';
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
  const print = printer(flags, io, end.reached);
  client.on('gap', ({ topic, fromSeq, toSeq }) => say(`missed ${printable(topic)} from seq ${fromSeq} to ${toSeq}`));
  try {
    const wanted = [...new Set(patterns)];
    const joined = wanted.map(async (pattern) => {
      // Where patterns overlap, the first one that selects a topic shows it.
      const listener = (message: Message) =>
        wanted.find((one) => matches(one, message.topic)) === pattern && print(message);
      const { topics } = await client.subscribe(pattern, listener).ready;
      if (topics === 0) say(`no topic matches ${pattern} yet, waiting`);
    });
    await Promise.race([end.promise, failed, Promise.all(joined).then(() => end.promise)]);
  } finally {
    end.forget();
    client.close();
  }
}

/** Prints updates until `count` of them are out; what comes after is not shown. */
function printer({ json = false, count = Number.POSITIVE_INFINITY }: Flags, io: Io, reached: () => void) {
  const lines = new UpdateLines(hasColour(io));
  let left = count;
  return (message: Message) => {
    if (left === 0) return;
    const update = updateOf(message);
    io.stdout.write(`${json ? JSON.stringify(update) : lines.line(update, message.schema)}\n`);
    left--;
    if (left === 0) reached();
  };
}

function updateOf(message: Message): Update {
  const { topic, seq, ts, key } = message;
  const what = message.type === 'remove' ? { removed: true } : { data: message.data };
  return { topic, seq, ts, ...(key !== undefined && { key }), ...what };
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
