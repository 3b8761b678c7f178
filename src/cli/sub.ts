import type { Command } from 'commander';
import {
  type Client,
  type Message,
  type SubscribeOptions,
  type Subscription,
  TickwireError,
  type TickwireErrorReason,
} from '../client/index.ts';
import { matches } from '../protocol/topic.ts';
import { ending } from './ending.ts';
import { CliError } from './exit.ts';
import { hasColour, type Io } from './io.ts';
import { Notices } from './notices.ts';
import { parseCount, parseDurationMs, parseFilter, parseLast, parseNames, parseRate, parseSince } from './parse.ts';
import { checkPattern } from './patterns.ts';
import { printable } from './printable.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { connectToServer } from './server-client.ts';
import { showCount } from './show.ts';
import { type Update, UpdateLines } from './update-line.ts';

export function setUpSub(command: Command, io: Io): void {
  urlFlag(command)
    .argument('<pattern...>', 'topics or patterns; quote them')
    .option('--rate <hz>', 'updates a second and topic at most, always the newest; events all come', parseRate)
    .option('--fields <names>', 'only these fields: comma list', parseNames)
    .option('--filter <expression>', 'only what matches, such as "bid > 100 and side == \\"buy\\""', parseFilter)
    .option('--delta', 'let the server send only what changed; lines are whole all the same')
    .option('--last <number>', 'begin so many publications back, where the server keeps a history', parseLast)
    .option('--since <time>', 'begin at a time: 30s or 5m ago, or 2026-05-17T12:00:00Z', parseSince)
    .option('--verify', 'compare what is shown with the server by checksum, and exit with 1 if it ever differed')
    .option('--json', 'print one JSON object a line; "ts" is microseconds since 1970')
    .option('-n, --count <number>', 'stop after this many updates', parseCount)
    .option('--for <time>', 'stop after this time, such as 10s or 2m', parseDurationMs)
    .addHelpText('after', examples)
    .action((patterns: string[], flags: Flags) => sub(patterns, flags, io));
}

const examples = `
What a topic holds comes first, then what changes. A line that ends in +12 stands for itself and the 12 before it that
were left out, because of --rate or because nobody reads so fast.

Examples:
  $ tickwire sub 'host.>'
  $ tickwire sub market.sim.AAPL.quote market.sim.AAPL.trade
  $ tickwire sub 'market.sim.*.quote' --rate 1 --fields bid,ask --filter 'bid > 100'
  $ tickwire sub 'market.sim.*.trade' --since 30s
  $ tickwire sub 'weather.sim.*.obs' --json --count 10 | jq .data
  $ tickwire sub '>' --for 10s --verify --url wss://feeds.example.com`;

type Flags = {
  url?: string;
  rate?: number;
  fields?: string[];
  filter?: string;
  delta?: boolean;
  last?: number;
  since?: number;
  verify?: boolean;
  json?: boolean;
  count?: number;
  for?: number;
};

const verifyEveryMs = 1000; // one topic each

async function sub(patterns: readonly string[], flags: Flags, io: Io): Promise<void> {
  for (const pattern of patterns) checkPattern(pattern);
  const options = optionsOf(flags);
  const say = (message: string) => void io.stderr.write(`tickwire: ${message}\n`);
  const { client, failed } = connectToServer(serverAddress(flags.url, io), say);
  const end = ending(flags.for, io);
  const print = printer(flags, io, end.reached);
  const joined = new Set<string>();
  client.on('error', ({ message, pattern = '' }) => {
    if (pattern === '' || joined.has(pattern)) say(printable(message)); // the others end the command, and are said then
  });
  const notices = listen(client, say);
  const subscriptions: Subscription[] = [];
  const verifiable = topicsWithState(client);
  try {
    const wanted = [...new Set(patterns)];
    const joining = wanted.map(async (pattern) => {
      // Where patterns overlap, the first one that selects a topic shows it.
      const listener = (message: Message) =>
        wanted.find((one) => matches(one, message.topic)) === pattern && print(message);
      const subscription = client.subscribe(pattern, listener, options);
      subscriptions.push(subscription);
      const { topics } = await subscription.ready.catch(refused);
      joined.add(pattern);
      if (topics === 0) say(`no topic matches ${pattern} yet, waiting`);
    });
    await Promise.race([end.promise, failed, Promise.all(joining).then(() => end.promise)]);
    end.forget();
    if (flags.verify === true) await Promise.race([verify(subscriptions, verifiable, say), failed]);
  } finally {
    end.forget();
    notices.flush();
    client.close();
  }
}

function optionsOf({ rate, fields, filter, delta, last, since, verify }: Flags): SubscribeOptions {
  if (last !== undefined && since !== undefined) throw new CliError('usage', 'give either --last or --since, not both');
  return {
    ...(rate !== undefined && { maxRate: rate }),
    ...(fields !== undefined && { fields }),
    ...(filter !== undefined && { filter }),
    ...(delta === true && { delta }),
    ...(last !== undefined && { since: { last } }),
    ...(since !== undefined && { since: { ts: Math.round(since) } }),
    ...(verify === true && { verifyEveryMs }),
  };
}

/** What can't be asked for is a mistake of who asks. */
function refused(error: unknown): never {
  if (error instanceof TickwireError && mistakes.has(error.reason)) {
    throw new CliError('usage', printable(error.message), { cause: error });
  }
  throw error;
}

const mistakes: ReadonlySet<TickwireErrorReason> = new Set(['badRequest', 'badPattern', 'badFilter', 'unknownField']);

/** Says what is not as it should be. What a rate or a filter leaves out was asked for. */
function listen(client: Client, say: (message: string) => void): Notices {
  const notices = new Notices(say);
  const stale = new Set<string>();
  client.on('gap', ({ topic, fromSeq, toSeq }) => say(`missed ${printable(topic)} from seq ${fromSeq} to ${toSeq}`));
  client.on('skipped', ({ topic, reason, count }) => {
    if (reason === 'slow') notices.note('slow', topic, count);
  });
  client.on('epoch', ({ topic }) => notices.note('epoch', topic));
  client.on('repaired', ({ topic }) => notices.note('repaired', topic));
  client.on('quality', ({ topic, state }) => {
    if (topic === undefined) return;
    if (state === 'stale' && !stale.has(topic)) notices.note('stale', topic);
    if (state === 'live' && stale.has(topic)) notices.note('live', topic);
    if (state === 'stale') stale.add(topic);
    if (state === 'live') stale.delete(topic);
  });
  client.on('recovered', ({ pattern, topics, notRecovered }) => {
    if (notRecovered > 0) say(`${pattern}: ${notRecovered} of ${topics} topics moved on while there was no connection`);
  });
  client.on('step', ({ step, reason }) => {
    if (step === 'full') say('the server sends everything again');
    else say(`we read too slowly (${printable(reason)}): only the newest comes now`);
  });
  return notices;
}

/** Names of the `latest` and `keyed` topics that are known, as they become so. */
function topicsWithState(client: Client): ReadonlySet<string> {
  const names = new Set<string>();
  client.on('topic', ({ name, kind }) => {
    if (kind === 'latest' || kind === 'keyed') names.add(name);
  });
  return names;
}

const verifiedAtOnce = 50; // of thousands of topics; each is a question to the server

/** Compares every topic that has a state once more. Throws CliError when one was ever other than the server's. */
async function verify(
  subscriptions: readonly Subscription[],
  topics: ReadonlySet<string>,
  say: (message: string) => void,
): Promise<void> {
  let compared = 0;
  for (const subscription of subscriptions) {
    const selected = [...topics].filter((topic) => matches(subscription.pattern, topic));
    for (let at = 0; at < selected.length; at += verifiedAtOnce) {
      const some = selected.slice(at, at + verifiedAtOnce);
      await Promise.all(some.map((topic) => subscription.verify(topic)));
    }
    compared += selected.length;
  }
  const repairs = subscriptions.reduce((sum, subscription) => sum + subscription.repairs, 0);
  if (repairs > 0) throw new CliError('failed', `${repairs} times what was shown was not what the server held`);
  say(`${showCount(compared)} topics are as the server has them`);
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
  const { topic, seq, ts, key, conflated } = message;
  const what = message.type === 'remove' ? { removed: true } : { data: message.data };
  return { topic, seq, ts, ...(key !== undefined && { key }), ...what, ...(conflated !== undefined && { conflated }) };
}
