import type { Command } from 'commander';
import { z } from 'zod';
import { imbalance } from '../bus/ledger.ts';
import type { ViewRequest } from '../protocol/frames.ts';
import { type Books, books } from './books.ts';
import { ending } from './ending.ts';
import { CliError } from './exit.ts';
import type { Io } from './io.ts';
import { LedgerProbe } from './ledger-probe.ts';
import { parseDurationMs } from './parse.ts';
import { checkPattern } from './patterns.ts';
import { printable } from './printable.ts';
import { adminToken, serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { showCount } from './show.ts';
import { table } from './table.ts';
import { type ListedTopic, listTopics } from './topic-list.ts';

export function setUpLedger(command: Command, io: Io): void {
  urlFlag(command)
    .argument('[pattern...]', 'what to watch meanwhile; quote it (default: >)')
    .option('--for <time>', 'watch for so long, such as 10s (default: 5s)', parseDurationMs)
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', examples)
    .action((patterns: string[], flags: Flags) => ledger(patterns, flags, io));
}

const examples = `
It asks the server for its books of every connection and every stream, and keeps books of its own: for each pattern it
subscribes to everything, to 5 updates a second, and to a filter where a topic has numbers. For every subscriber
  published = delivered + conflated + filtered + missed + pending
must hold to the last publication. Exit code 1: one is unaccounted for, or was told of twice.

Examples:
  $ tickwire ledger
  $ tickwire ledger 'market.>' --for 30s
  $ tickwire ledger --json | jq .ok`;

type Flags = { url?: string; for?: number; json?: boolean };

const usualMs = 5000;
const probedRate = 5; // updates per second: slow enough that most feeds are conflated by it
const maxFaultsTold = 20;

const serverLedger = z.object({
  ok: z.boolean(),
  publications: z.int(),
  sessions: z.object({ count: z.int(), ledger: books }),
  streams: z.object({
    count: z.int(),
    ledger: books,
    list: z.array(z.looseObject({ patterns: z.array(z.string()), ledger: books })),
  }),
  unbalanced: z.array(z.looseObject({ ledger: books })),
});
const connectionBooks = z.object({
  connections: z.array(
    z.looseObject({ id: z.string(), ledger: books, subscriptions: z.array(z.looseObject({ ledger: books })) }),
  ),
});

/** One line of the result. */
type Entry = {
  readonly who: string;
  readonly topics?: number;
  readonly books: Books;
  readonly faults: readonly string[];
};

async function ledger(patterns: readonly string[], flags: Flags, io: Io): Promise<void> {
  const wanted = patterns.length === 0 ? ['>'] : [...new Set(patterns)];
  for (const pattern of wanted) checkPattern(pattern);
  const address = serverAddress(flags.url, io);
  const entries = await watch(address, wanted, flags.for ?? usualMs, io);
  const faults = entries.flatMap(({ who, faults }) => faults.map((fault) => `${who}: ${fault}`));
  if (flags.json) io.stdout.write(`${JSON.stringify({ ok: faults.length === 0, entries })}\n`);
  else io.stdout.write(asTable(entries));
  for (const fault of faults.slice(0, maxFaultsTold)) io.stderr.write(`tickwire: ${printable(fault)}\n`);
  if (faults.length > 0) throw new CliError('failed', `the ledger does not add up in ${faults.length} places`);
}

/** Subscribes in every view, watches, asks the server for its books, and compares with how far the topics went. */
async function watch(address: string, patterns: readonly string[], forMs: number, io: Io): Promise<Entry[]> {
  const probes: LedgerProbe[] = [];
  try {
    for (const pattern of patterns) {
      for (const view of await viewsFor(address, await listTopics(address, pattern))) {
        probes.push(await LedgerProbe.open(address, pattern, view));
      }
    }
    const end = ending(forMs, io); // Ctrl-C ends the watching, not the checking
    await Promise.race([end.promise, ...probes.map(({ failed }) => failed)]).finally(end.forget);
    const server = await askServer(address, adminToken(io));
    await Promise.all(
      patterns.map(async (pattern) => {
        const now = await listTopics(address, pattern);
        const positions = new Map(now.map(({ topic, seq }) => [topic, seq]));
        await Promise.all(probes.filter((one) => one.pattern === pattern).map((one) => one.settle(positions)));
      }),
    );
    return [...probes.map(entryOf), ...server];
  } finally {
    for (const one of probes) one.close();
  }
}

/** Everything; at a rate; and where there is a field of numbers, what is above its present value. */
async function viewsFor(address: string, topics: readonly ListedTopic[]): Promise<ViewRequest[]> {
  for (const { topic, fields } of topics) {
    const numeric = fields.find(({ name, type }) => /^[A-Za-z_]\w*$/.test(name) && numericTypes.includes(type));
    if (numeric === undefined) continue;
    const threshold = Math.floor(await presentOf(address, topic, numeric.name));
    return [{}, { maxRate: probedRate }, { filter: `${numeric.name} > ${threshold}` }];
  }
  return [{}, { maxRate: probedRate }];
}

const numericTypes = ['int', 'float', 'decimal'];
const fieldsByName = z.record(z.string(), z.unknown()).nullish().catch(undefined);
const lastValue = z.object({ data: fieldsByName, rows: z.array(z.object({ data: fieldsByName })).optional() });

/** 0 where there is none yet. */
async function presentOf(address: string, topic: string, field: string): Promise<number> {
  const { data, rows } = await ask(address, `/topics/${topic}`, lastValue);
  const value = (data ?? rows?.[0]?.data)?.[field];
  return typeof value === 'number' ? value : 0;
}

function entryOf(one: LedgerProbe): Entry {
  const { maxRate, filter } = one.view;
  const view = maxRate !== undefined ? ` at ${maxRate}/s` : filter !== undefined ? ` where ${filter}` : '';
  return {
    who: `${one.pattern}${view}`,
    topics: one.topics,
    books: { ...one.tally(), pending: 0 },
    faults: one.faults(),
  };
}

/** The server's own books, added up here once more. */
async function askServer(address: string, token: string | undefined): Promise<Entry[]> {
  const { sessions, streams, unbalanced } = await ask(address, '/ledger?limit=10000', serverLedger, { token });
  const { connections } = await ask(address, '/connections?limit=1000&sort=skipped', connectionBooks, { token });
  const wrong = unbalanced.map((entry) => `does not add up: ${JSON.stringify(entry)}`);
  const wrongConnections = connections.flatMap(({ id, ledger, subscriptions }) =>
    [{ ledger }, ...subscriptions].filter(({ ledger }) => imbalance(ledger) !== 0).map(() => `${id} does not add up`),
  );
  const wrongStreams = streams.list
    .filter(({ ledger }) => imbalance(ledger) !== 0)
    .map(({ patterns }) => `${patterns.join(',')} does not add up`);
  return [
    {
      who: `server, ${showCount(sessions.count)} connections`,
      books: sessions.ledger,
      faults: [...wrong, ...wrongConnections],
    },
    { who: `server, ${showCount(streams.count)} streams`, books: streams.ledger, faults: wrongStreams },
  ];
}

function asTable(entries: readonly Entry[]): string {
  const headings = ['WHO', 'TOPICS', 'PUBLISHED', 'DELIVERED', 'CONFLATED', 'FILTERED', 'MISSED', 'PENDING', 'VERDICT'];
  const rows = entries.map(({ who, topics, books, faults }) => {
    const { published, delivered, conflated, filtered, missed, pending } = books;
    const counts = [published, delivered, conflated, filtered, missed, pending].map(showCount);
    return [printable(who), topics === undefined ? '-' : showCount(topics), ...counts, verdict(faults.length)];
  });
  return table(headings, rows);
}

function verdict(faults: number): string {
  return faults === 0 ? 'adds up' : `${faults} wrong`;
}
