import type { Command } from 'commander';
import { z } from 'zod';
import { hasColour, type Io } from './io.ts';
import { parseCount, parseSeq, parseSince } from './parse.ts';
import { checkTopic } from './patterns.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { listTopics } from './topic-list.ts';
import { UpdateLines } from './update-line.ts';

export function setUpHistory(command: Command, io: Io): void {
  urlFlag(command)
    .argument('<topic>', 'the topic')
    .option('-n, --last <number>', 'only so many of the newest', parseCount)
    .option('--after <seq>', 'only those behind this sequence number', parseSeq)
    .option(
      '--since <time>',
      'only those since then: 30s or 5m ago, or a time such as 2026-05-17T12:00:00Z',
      parseSince,
    )
    .option('--reverse', 'the newest first')
    .option('--json', 'print one JSON object a line; "ts" is microseconds since 1970')
    .addHelpText('after', examples)
    .action((topic: string, flags: Flags) => history(topic, flags, io));
}

const examples = `
Event topics keep their newest publications, and others where the server's configuration says so ("history").
Without a limit everything that is kept is printed, the oldest first.

Examples:
  $ tickwire history market.sim.AAPL.trade --last 10
  $ tickwire history chat.lobby --since 5m
  $ tickwire history iot.sim.truck-1.alarm --reverse --json | head -1
  $ tickwire history market.sim.AAPL.trade --after 1200 --json | jq .data.price`;

type Flags = {
  url?: string;
  last?: number;
  after?: number;
  since?: number;
  reverse?: boolean;
  json?: boolean;
};

const page = z.object({
  topic: z.string(),
  epoch: z.string(),
  items: z.array(z.object({ seq: z.int(), ts: z.number(), key: z.string().optional(), data: z.unknown().optional() })),
  more: z.boolean(),
});
type Item = z.infer<typeof page>['items'][number];

const pageItems = 1000;

async function history(topic: string, flags: Flags, io: Io): Promise<void> {
  checkTopic(topic);
  const address = serverAddress(flags.url, io);
  const { last = Number.POSITIVE_INFINITY, reverse = false, json = false } = flags;
  const [listed] = json ? [] : await listTopics(address, topic); // says how many digits a price has
  const lines = new UpdateLines(hasColour(io));
  const print = (item: Item) => {
    const update = { topic, ...item, ...(item.data === undefined && item.key !== undefined && { removed: true }) };
    io.stdout.write(`${json ? JSON.stringify(update) : lines.line(update, listed)}\n`);
  };
  if (reverse || last === Number.POSITIVE_INFINITY) {
    let left = last;
    for await (const item of items(address, topic, flags, reverse)) {
      print(item);
      if (--left === 0) return;
    }
    return;
  }
  const newest: Item[] = [];
  for await (const item of items(address, topic, flags, true)) if (newest.push(item) >= last) break;
  for (const item of newest.reverse()) print(item);
}

/** Page after page, of one life of the topic. */
async function* items(
  address: string,
  topic: string,
  { after, since, last = pageItems }: Flags,
  reverse: boolean,
): AsyncGenerator<Item> {
  const query = new URLSearchParams({ limit: String(Math.min(last, pageItems)) });
  if (after !== undefined) query.set('after', String(after));
  if (since !== undefined) query.set('since', String(Math.round(since)));
  if (reverse) query.set('reverse', '1');
  for (;;) {
    const found = await ask(address, `/topics/${topic}/history?${query}`, page);
    yield* found.items;
    const end = found.items.at(-1);
    if (!found.more || end === undefined) return;
    query.set('epoch', found.epoch);
    query.set(reverse ? 'before' : 'after', String(end.seq));
  }
}
