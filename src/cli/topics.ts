import type { Command } from 'commander';
import type { Io } from './io.ts';
import { checkPattern } from './patterns.ts';
import { printable } from './printable.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { showAge } from './show.ts';
import { table } from './table.ts';
import { type ListedTopic, listTopics } from './topic-list.ts';

export function setUpTopics(command: Command, io: Io): void {
  urlFlag(command)
    .argument('[pattern]', 'only topics that it selects, such as "market.>"', '>')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action((pattern: string, flags: Flags) => topics(pattern, flags, io));
}

const examples = `
SEQ counts a topic's publications; AGE is how long ago the last one happened.

Examples:
  $ tickwire topics
  $ tickwire topics 'market.sim.*.quote'
  $ tickwire topics --json | jq -r .topic`;

type Flags = { url?: string; json?: boolean };

async function topics(pattern: string, flags: Flags, io: Io): Promise<void> {
  checkPattern(pattern);
  const found = await listTopics(serverAddress(flags.url, io), pattern);
  if (flags.json) for (const topic of found) io.stdout.write(`${JSON.stringify(topic)}\n`);
  else io.stdout.write(found.length === 0 ? `no topic matches ${pattern}\n` : asTable(found));
}

function asTable(found: readonly ListedTopic[]): string {
  const now = Date.now();
  const rows = found.map(({ topic, kind, seq, ts, fields }) => {
    const names = fields.map(({ name, type }) => printable(name === '' ? type : name));
    return [
      printable(topic),
      printable(kind),
      String(seq),
      ts === null ? '-' : showAge(now - ts / 1000),
      names.join(' '),
    ];
  });
  return table(['TOPIC', 'KIND', 'SEQ', 'AGE', 'FIELDS'], rows);
}
